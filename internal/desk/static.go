package desk

import (
	"embed"
	"net/http"
)

//go:embed static
var static embed.FS

// serveStatic serves the style, the script and the icon.
func serveStatic(w http.ResponseWriter, r *http.Request) {
	http.ServeFileFS(w, r, static, "static/"+r.PathValue("name"))
}
