#!/bin/sh
# Shows the directory as a service: a throw-away PostgreSQL server, the service on loopback, a
# credential, and the quick start applied through them. Called by `make demo-service`.
# Usage: demo-service.sh TERRAFORM RC
set -eu
terraform=$1
rc=$2
cd "$(dirname "$0")/.."
program=$PWD/bin/terraform-provider-mimecast

postgres=$(command -v postgres || find /usr/lib/postgresql/*/bin -name postgres 2>/dev/null | sort -V | tail -n 1)
if [ -z "$postgres" ]; then
	echo "PostgreSQL is not installed. Install it (Debian: apt-get install postgresql) and try again." >&2
	exit 1
fi
bin=$(dirname "$(readlink -f "$postgres")")

# A socket's path must be short, so TMPDIR is not for it.
work=$(mktemp -d /tmp/mimecast-demo-XXXXXX)
service=
cleanup() {
	[ -z "$service" ] || kill "$service" 2>/dev/null || true
	wait
	[ ! -f "$work/data/postmaster.pid" ] || as "$bin/pg_ctl" -D "$work/data" -m fast stop >>"$work/postgres.log" || true
	rm -rf "$work"
}
trap cleanup EXIT
trap 'exit 1' INT TERM

# PostgreSQL refuses to run as root.
as() { "$@"; }
if [ "$(id -u)" = 0 ]; then
	user=$(id -un postgres 2>/dev/null || echo nobody)
	chown "$user" "$work"
	as() { setpriv --reuid="$user" --regid="$(id -g "$user")" --clear-groups "$@"; }
fi

echo "== PostgreSQL, in $work"
as "$bin/initdb" -D "$work/data" -U directory --auth=trust --encoding=UTF8 --no-sync >"$work/initdb.log"
as "$bin/pg_ctl" -D "$work/data" -o "-k $work -c listen_addresses=" -l "$work/data/log" -w start >"$work/postgres.log"
export MIMECAST_DIRECTORY="postgres:///postgres?host=$work&user=directory"

echo "== A credential"
"$program" credential create --name "make demo-service" --json >"$work/credential.json"
field() { sed -n "s/.*\"$1\": *\"\([^\"]*\)\".*/\1/p" "$work/credential.json"; }
"$program" credential list

echo "== The service"
"$program" serve --listen 127.0.0.1:0 2>"$work/service.log" &
service=$!
listen=
until [ -n "$listen" ]; do
	sleep 0.1
	kill -0 "$service" || { cat "$work/service.log" >&2; exit 1; }
	listen=$(sed -n 's/.*"msg":"serving","listen":"\([^"]*\)".*/\1/p' "$work/service.log" | head -n 1)
done
url=http://$listen
echo "$url"

echo "== The quick start, applied through $url"
export TF_CLI_CONFIG_FILE="$rc" TF_VAR_directory="$url"
MIMECAST_CLIENT_ID=$(field client_id) MIMECAST_CLIENT_SECRET=$(field client_secret)
export MIMECAST_CLIENT_ID MIMECAST_CLIENT_SECRET
unset MIMECAST_DIRECTORY
cp -R examples/quickstart "$work/quickstart" # With a state of its own.
cd "$work/quickstart"
rm -rf .terraform* ./*.tfstate* ./*.directory*
no_color=
[ -t 1 ] || no_color=-no-color
"$terraform" apply -auto-approve -input=false $no_color
echo
echo "== Again: nothing to do"
"$terraform" plan -detailed-exitcode -input=false $no_color
