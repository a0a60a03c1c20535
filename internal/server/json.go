package server

import (
	"encoding/json"
	"net/http"
)

// writeJSON answers with a body.
func writeJSON(w http.ResponseWriter, contentType string, status int, body any) {
	w.Header().Set("Content-Type", contentType)
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body) // The caller has gone if it fails; observed counts what was sent.
}
