#!/bin/sh
# The password comes on standard input, so that no process list shows it.
set -eu
: "${REDIS_PASSWORD:?the password that clients give}"
exec redis-server - <<CONFIGURATION
include /opt/redis/redis.conf
requirepass ${REDIS_PASSWORD}
maxmemory ${MAXMEMORY:?how much both may use}
maxmemory-policy ${MAXMEMORY_POLICY:?what goes first}
CONFIGURATION
