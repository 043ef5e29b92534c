#!/bin/sh
# A PostgreSQL cluster of its own for tests, in a folder of its own, on a free port of 127.0.0.1.
#
#   cluster.sh start FOLDER     makes and starts it; prints its URL. FOLDER must not exist.
#   cluster.sh crash FOLDER     stops it at once, as a crash does, and starts it again
#   cluster.sh stop FOLDER      stops it and removes the folder
#
# PostgreSQL refuses to run as root: root runs it as `postgres`, or as `nobody` where there is none.
set -eu

bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -t/ -k5 -n | tail -n 1)
if [ -z "$bin" ] && command -v initdb >/dev/null; then
  bin=$(dirname "$(command -v initdb)")
fi
if [ -z "$bin" ]; then
  echo "PostgreSQL is not installed: \`cargo xtask test\` installs it, or install the package postgresql" >&2
  exit 1
fi

as_owner() {
  if [ "$(id -u)" = 0 ]; then
    owner=postgres
    id -u postgres >/dev/null 2>&1 || owner=nobody
    runuser -u "$owner" -- "$@"
  else
    "$@"
  fi
}

command=$1
folder=$2

case $command in
  start)
    mkdir "$folder"
    if [ "$(id -u)" = 0 ]; then
      chown postgres "$folder" 2>/dev/null || chown nobody "$folder"
    fi
    chmod 700 "$folder"
    port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
    cd "$folder"
    as_owner "$bin/initdb" -D "$folder/data" -U parseflow --auth=trust -E UTF8 --locale=C >"$folder.log" 2>&1
    cat >>"$folder/data/postgresql.conf" <<EOF
listen_addresses = '127.0.0.1'
port = $port
unix_socket_directories = '$folder'
max_connections = 400
fsync = on
EOF
    as_owner "$bin/pg_ctl" -D "$folder/data" -l "$folder/server.log" -w -t 60 start >>"$folder.log" 2>&1
    rm -f "$folder.log"
    echo "postgres://parseflow@127.0.0.1:$port/postgres"
    ;;
  crash)
    cd "$folder"
    as_owner "$bin/pg_ctl" -D "$folder/data" -l "$folder/server.log" -m immediate -w -t 60 restart >/dev/null
    ;;
  stop)
    cd "$folder"
    as_owner "$bin/pg_ctl" -D "$folder/data" -m immediate -w -t 60 stop >/dev/null || true
    cd /
    rm -rf "$folder"
    ;;
  *)
    echo "usage: cluster.sh start|crash|stop FOLDER" >&2
    exit 2
    ;;
esac
