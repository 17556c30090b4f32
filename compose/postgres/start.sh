#!/bin/bash
# The container's entry point, as user postgres: set this lab's passwords, bring the history up to date on the first
# start, then become the server (PID 1; stop it with SIGINT: SIGTERM would wait for every client to leave).
set -euo pipefail
umask 077

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
PGBIN=${PGBIN:-/usr/lib/postgresql/17/bin}
export PGDATA=${PGDATA:-/var/lib/postgresql/data}
roles=(payments risk ledger jobs monitor observer)

# A server that was killed leaves its postmaster.pid, and says process 1, which is always somebody. This lock, which the
# server inherits, tells the truth, even about another container on the same volume.
exec 9>"$PGDATA/start.lock"
flock --timeout 20 9 || { echo "another server is running on $PGDATA" >&2; exit 1; }
rm -f "$PGDATA/postmaster.pid"

password_statements() {
    local role variable password
    for role in "${roles[@]}"; do
        variable=${role^^}_DB_PASSWORD
        password=${!variable:?"set $variable: the password of role $role"}
        # In single-user mode a blank line ends a statement: a password must not bring its own.
        [[ $password != *[$'\n\\']* ]] || { echo "$variable: no line breaks or backslashes, please" >&2; exit 1; }
        printf "ALTER ROLE %s PASSWORD '%s';\n\n" "$role" "${password//\'/\'\'}"
    done
}

statements=$(password_statements && printf x)
# Single-user mode: no network until every password is set. Its errors don't change the exit code, so read them; nothing
# slow is logged here, a password might be in it.
problems=$({ printf '%s' "${statements%x}"; cat "$here/freshen.sql"; printf '\n\n'; } |
    "$PGBIN/postgres" --single -j -D "$PGDATA" -c wal_level=minimal -c max_wal_senders=0 -c autovacuum=off \
        -c log_min_duration_statement=-1 -c log_min_error_statement=panic payments 2>&1 >/dev/null |
    grep -E '(ERROR|FATAL|PANIC):' || true)
[[ -z $problems ]] || { printf 'cannot prepare the database:\n%s\n' "$problems" >&2; exit 1; }
for role in "${roles[@]}"; do unset "${role^^}_DB_PASSWORD"; done
# What one process may take for itself, in KiB, next to the shared memory. A statement that wants more fails alone; without
# this the kernel would kill its process, and the server would end everybody's sessions to start again.
# Eight sessions of somebody who looks may want it at once, and fit in the container's memory.
ulimit -d 40960
exec "$PGBIN/postgres" -D "$PGDATA"
