#!/bin/sh
# Runs a command with a throw-away PostgreSQL server, whose URL is in POSTGRES_URL.
# Usage: with-postgres.sh COMMAND...
set -eu
postgres=$(command -v postgres || find /usr/lib/postgresql/*/bin -name postgres 2>/dev/null | sort -V | tail -n 1)
if [ -z "$postgres" ]; then
	echo "PostgreSQL is not installed. Install it (Debian: apt-get install postgresql) and try again." >&2
	exit 1
fi
bin=$(dirname "$(readlink -f "$postgres")")

# A socket's path must be short, so TMPDIR is not for it.
work=$(mktemp -d /tmp/mimecast-pg-XXXXXX)
# PostgreSQL refuses to run as root.
as() { "$@"; }
if [ "$(id -u)" = 0 ]; then
	user=$(id -un postgres 2>/dev/null || echo nobody)
	chown "$user" "$work"
	as() { setpriv --reuid="$user" --regid="$(id -g "$user")" --clear-groups "$@"; }
fi
cleanup() {
	[ ! -f "$work/data/postmaster.pid" ] || as "$bin/pg_ctl" -D "$work/data" -m fast stop >>"$work/log" || true
	rm -rf "$work"
}
trap cleanup EXIT
trap 'exit 1' INT TERM

as "$bin/initdb" -D "$work/data" -U directory --auth=trust --encoding=UTF8 --no-sync >"$work/log"
as "$bin/pg_ctl" -D "$work/data" -o "-k $work -c listen_addresses=" -l "$work/data/log" -w start >>"$work/log"
export POSTGRES_URL="postgres:///postgres?host=$work&user=directory"
"$@"
