#!/bin/sh
# Shows the directory as a service: the service on loopback over POSTGRES_URL, a credential, and
# the quick start applied through them. Called by `make demo-service`.
# Usage: demo-service.sh TERRAFORM RC
set -eu
terraform=$1
rc=$2
cd "$(dirname "$0")/.."
program=$PWD/bin/terraform-provider-mimecast

work=$(mktemp -d)
service=
cleanup() {
	[ -z "$service" ] || kill "$service" 2>/dev/null || true
	wait
	rm -rf "$work"
}
trap cleanup EXIT
trap 'exit 1' INT TERM

export MIMECAST_DIRECTORY="$POSTGRES_URL"

echo "== A credential"
"$program" credential create --operator --name "make demo-service" --json >"$work/credential.json"
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
