#!/bin/bash
# Build the data directory: run once, as user postgres, while the image is built. Needs nothing but this folder.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
PGBIN=${PGBIN:-/usr/lib/postgresql/17/bin}
export PGDATA=${PGDATA:-/var/lib/postgresql/data}
socket=$(mktemp -d)
trap 'rm -rf "$socket"' EXIT

"$PGBIN/initdb" --username=postgres --encoding=UTF8 --locale=C.UTF-8 --no-sync --no-instructions \
    --auth-local=peer --auth-host=scram-sha-256 >/dev/null
install -m 600 "$here/postgresql.conf" "$here/pg_hba.conf" "$PGDATA/"

# No network, and nothing that only matters if the machine stopped in the middle: then the build starts again anyway.
"$PGBIN/pg_ctl" start --wait --silent --log="$socket/log" --options="-c listen_addresses='' \
    -c unix_socket_directories=$socket -c fsync=off -c synchronous_commit=off -c wal_level=minimal -c max_wal_senders=0 \
    -c max_wal_size=2GB -c shared_buffers=256MB -c work_mem=64MB -c maintenance_work_mem=256MB -c autovacuum=off \
    -c log_min_duration_statement=-1" || { cat "$socket/log" >&2; exit 1; }

run() { "$PGBIN/psql" --no-psqlrc --quiet --set=ON_ERROR_STOP=1 --host="$socket" --username=postgres "$@"; }
run --dbname=postgres --command="CREATE DATABASE payments"
run --dbname=payments --single-transaction --output=/dev/null $(printf -- '--file=%s ' \
    "$here"/{schema,seed,indexes,snapshot,roles}.sql)
run --dbname=payments --command="VACUUM (ANALYZE)" --command="SELECT pg_stat_statements_reset()" --output=/dev/null
"$PGBIN/pg_ctl" stop --wait --silent --mode=fast
