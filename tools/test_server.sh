#!/usr/bin/env bash
# Run a command against a real PostgreSQL server: DATABASE_URL, or a throw-away cluster of the
# machine's own PostgreSQL (Debian: apt-get install postgresql).
set -euo pipefail
if [ -n "${DATABASE_URL:-}" ]; then exec "$@"; fi

bin=$(ls -d /usr/lib/postgresql/*/bin 2> /dev/null | sort -V | tail -1)
bin=${bin:-$(dirname "$(command -v pg_ctl || true)")}
if [ ! -x "$bin/initdb" ]; then
    echo "No PostgreSQL server found. Debian: apt-get install postgresql; or set DATABASE_URL." >&2
    exit 1
fi
folder=$(mktemp -d /tmp/gancang-server-XXXXXX)
as=()
if [ "$(id -u)" -eq 0 ]; then
    chown nobody "$folder"
    as=(setpriv --reuid=nobody --regid=nogroup --clear-groups)
fi
trap '"${as[@]}" "$bin/pg_ctl" -D "$folder/data" -m immediate stop > /dev/null; rm -rf "$folder"' EXIT
"${as[@]}" "$bin/initdb" -D "$folder/data" -U gancang --auth=trust --encoding=UTF8 --locale=C > /dev/null
"${as[@]}" "$bin/pg_ctl" -D "$folder/data" -w -l "$folder/log" start \
    -o "-c listen_addresses='' -c unix_socket_directories='$folder'" > /dev/null
echo "Against $("$bin/postgres" --version)"
DATABASE_URL="postgresql://gancang@/postgres?host=$folder" "$@"
