package desk

import "embed"

// static has the style, the script and the icon.
//
//go:embed static
var static embed.FS
