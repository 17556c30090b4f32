#!/usr/bin/env bash
# A whole incident, unattended: up, break, the page, an investigator's look-ups, a wrong answer, the right answer, the
# debrief, down. Every line of output comes from a real lab. Used by `make demo`.
set -euo pipefail

labctl=${LABCTL:-.venv/bin/labctl}
export LABCTL_NAME=${LABCTL_NAME:-demo}

say() { printf '\n\033[1m# %s\033[0m\n' "$*"; }
run() {
  local each shown=""
  for each in "$@"; do
    if [[ $each == *\'* ]]; then
      each="\"$each\""
    elif [[ ! $each =~ ^[[:alnum:]_./:=-]+$ ]]; then
      each="'$each'"
    fi
    shown+=" $each"
  done
  printf '\033[36m$ labctl%s\033[0m\n' "$shown"
  "$labctl" "$@"
}
finish() {
  local code=$?
  "$labctl" down >/dev/null || code=$?
  exit "$code"
}
trap finish EXIT

say "A healthy lab, under load"
run up
run topology

say "Something changes: a fault that is named here, and so spoiled. The clock starts with the page"
run break risk-cache-ttl-cut

say "What do the clients see, and what does the gateway answer?"
run metrics 'sum by (endpoint, outcome) (rate(client_request_duration_seconds_count[20s]))'
run metrics 'sum by (http_response_status_code) (rate(http_server_request_duration_seconds_count{job="gateway"}[20s]))' --range 2m
run logs --service gateway --grep '502' --since 1m --limit 3

say "A slow checkout, from end to end"
run traces --service gateway --min-ms 1000 --since 1m --limit 3
trace=$("$labctl" traces --service gateway --min-ms 1000 --since 1m --limit 1 --json |
  "${labctl%labctl}python" -c 'import json, sys; print(json.load(sys.stdin)["traces"][0]["id"])')
run trace "$trace"

say "Payments' own CPU and risk's mean look normal; risk's p99 does not"
run metrics 'rate(container_cpu_usage_seconds_total{service="payments"}[20s])'
run metrics 'sum(rate(http_server_request_duration_seconds_sum{job="risk",http_route="/assessments"}[20s])) / sum(rate(http_server_request_duration_seconds_count{job="risk",http_route="/assessments"}[20s]))'
run metrics 'histogram_quantile(0.99, sum by (le) (rate(http_server_request_duration_seconds_bucket{job="risk",http_route="/assessments"}[20s])))' --range 2m

say "Where does risk spend it, and why now?"
run metrics 'sum by (cache_result) (rate(cache_requests_total{job="risk"}[20s]))' --range 2m
run sql "SELECT usename, state, wait_event_type, left(query, 60) AS query FROM pg_stat_activity WHERE usename = 'risk'"
run changes --since 5m
run diff risk

say "A first guess: the database is slow"
run submit --component postgres --trigger dependency-degradation --mechanism slow-dependency --impact some-checkouts-fail

say "The root cause"
run submit --component risk --trigger configuration-change --mechanism cache-lifetime-too-short --impact some-checkouts-fail \
  --evidence 'promql:sum(rate(cache_requests_total{job="risk",cache_result="miss"}[20s]))' --evidence "trace:$trace"
run debrief

say "Mended"
run heal
run status
