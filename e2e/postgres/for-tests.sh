#!/bin/sh
# Gives the tests a PostgreSQL server for as long as the test runner runs, unless
# PARSEFLOW_TEST_POSTGRES_URL names one already. The runner reads the variable from the file that
# NEXTEST_ENV names; WATCHED_PID is the runner where it is not the parent.
set -eu

if [ -n "${PARSEFLOW_TEST_POSTGRES_URL:-}" ]; then
  exit 0
fi
cluster=$(dirname "$0")/cluster.sh
cluster=$(cd "$(dirname "$cluster")" && pwd)/cluster.sh
folder=${TMPDIR:-/tmp}/parseflow-postgres-$$
watched=${WATCHED_PID:-$PPID}
url=$(sh "$cluster" start "$folder")
echo "PARSEFLOW_TEST_POSTGRES_URL=$url" >>"$NEXTEST_ENV"
# Stopped when the runner has ended, however it ended.
(
  while kill -0 "$watched" 2>/dev/null; do sleep 1; done
  sh "$cluster" stop "$folder"
) >/dev/null 2>&1 </dev/null &
