package credential

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base32"
	"encoding/base64"
	"strconv"
	"strings"
)

// The prefixes tell a reader, and a scanner for leaked secrets, what a string is.
const (
	idPrefix     = "mcd_"
	secretPrefix = "mcds_"
	tokenPrefix  = "mcdt_"
)

// Hash is what is stored of a secret or a token.
//
// It is plain SHA-256. Slow, salted hashes protect passwords, which are few
// enough to be guessed; these are 256 random bits, which are not, and a slow
// hash would only make every request slow.
type Hash [sha256.Size]byte

// HashOf returns the hash of a secret or a token.
func HashOf(secret string) Hash { return sha256.Sum256([]byte(secret)) }

// Shown returns a client ID that somebody gave, as a log may have it: quoted,
// not too long, and not if it is a secret that was put in the wrong place.
func Shown(id string) string {
	const most = 64
	switch {
	case strings.Contains(id, secretPrefix) || strings.Contains(id, tokenPrefix):
		return "(a secret in the place of the client ID)"
	case len(id) > most:
		return strconv.QuoteToASCII(id[:most]) + "..."
	}
	return strconv.QuoteToASCII(id)
}

func newID() string {
	const bytes = 10
	return idPrefix + strings.ToLower(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(random(bytes)))
}

func newSecret(prefix string) string {
	return prefix + base64.RawURLEncoding.EncodeToString(random(sha256.Size))
}

func random(n int) []byte {
	b := make([]byte, n)
	_, _ = rand.Read(b) // Never fails: crypto/rand ends the process instead.
	return b
}
