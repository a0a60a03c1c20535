#!/bin/sh
# Generates a Go and a TypeScript client from the service's OpenAPI description and compiles them:
# a description that no generator understands is of no use. What is generated is thrown away.
# Usage: openapi-clients.sh [FILE]
set -eu
file=$(realpath "${1:-$(dirname "$0")/../internal/server/openapi.json}")
cd "$(dirname "$0")/openapi"
[ node_modules -nt package-lock.json ] || { npm ci --ignore-scripts --no-audit --no-fund && touch node_modules; }
rm -rf client
mkdir client
go tool oapi-codegen -package client -generate types,client -o client/client.go "$file"
go vet ./client
node_modules/.bin/openapi-typescript "$file" -o client/client.ts
node_modules/.bin/tsc --noEmit --strict client/client.ts
echo "A Go and a TypeScript client generate from $file and compile."
