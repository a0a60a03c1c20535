// Package openapi has the tools that read the service's OpenAPI description.
package openapi

import _ "github.com/oapi-codegen/runtime" // What openapi-clients.sh generates needs it.
