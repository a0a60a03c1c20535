#!/bin/sh
# Lints the service's OpenAPI description with Redocly's recommended rules, warnings as errors.
# Usage: lint-openapi.sh [FILE]
set -eu
file=$(realpath "${1:-$(dirname "$0")/../internal/server/openapi.json}")
cd "$(dirname "$0")/openapi"
export REDOCLY_TELEMETRY=off REDOCLY_SUPPRESS_UPDATE_NOTICE=true
[ node_modules -nt package-lock.json ] || { npm ci --ignore-scripts --no-audit --no-fund && touch node_modules; }
node_modules/.bin/redocly lint --config redocly.yaml "$file"
