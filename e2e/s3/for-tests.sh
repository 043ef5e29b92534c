#!/bin/sh
# Gives the tests an S3-compatible store (moto, from PyPI) for as long as the test runner runs,
# unless PARSEFLOW_TEST_S3_URL names one already. The runner reads the variable from the file that
# NEXTEST_ENV names; WATCHED_PID is the runner where it is not the parent.
set -eu

if [ -n "${PARSEFLOW_TEST_S3_URL:-}" ]; then
  exit 0
fi
python=$(cd "$(dirname "$0")" && pwd)/.venv/bin/python
if [ ! -x "$python" ]; then
  echo "the S3-compatible store is not installed: \`cargo xtask test\` installs it" >&2
  exit 1
fi
watched=${WATCHED_PID:-$PPID}
log=${TMPDIR:-/tmp}/parseflow-s3-$$.log
port=$("$python" -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
MOTO_S3_DEFAULT_MAX_KEYS=10 "$python" -m moto.server -H 127.0.0.1 -p "$port" >"$log" 2>&1 </dev/null &
server=$!
until "$python" -c "import urllib.request; urllib.request.urlopen('http://127.0.0.1:$port/moto-api/')" 2>/dev/null; do
  if ! kill -0 "$server" 2>/dev/null; then
    cat "$log" >&2
    exit 1
  fi
  sleep 0.2
done
echo "PARSEFLOW_TEST_S3_URL=http://127.0.0.1:$port" >>"$NEXTEST_ENV"
# Stopped when the runner has ended, however it ended.
(
  while kill -0 "$watched" 2>/dev/null; do sleep 1; done
  kill "$server" 2>/dev/null || true
  rm -f "$log"
) >/dev/null 2>&1 </dev/null &
