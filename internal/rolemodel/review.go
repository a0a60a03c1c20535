package rolemodel

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// Review is somebody's statement that they looked at who can reach what: of one
// tenant, of one person, of one person in one tenant, or of everything that they see.
type Review struct {
	// TenantID and Person are what was looked at, "" for no such limit.
	TenantID AccountCode `json:"tenant_id,omitempty"`
	Person   Email       `json:"person,omitempty"`
	// Digest is that of what was looked at: a SHA-256 in hexadecimal.
	Digest string `json:"digest"`
	// Note is what the reviewer wrote, or "".
	Note string `json:"note,omitempty"`
	// At is when it was signed, By the name of the actor who signed.
	At Time   `json:"at"`
	By string `json:"by"`
	// Seen is how far the trails went that were looked at.
	Seen Position `json:"seen"`
}

// Position is how far each of many trails goes: "TRAIL=NUMBER" of each, sorted, with a space between.
type Position string

// MaxReviewedTrails is how many trails a position has at most.
const MaxReviewedTrails = 10_000

// maxTrail is how many characters the name of a trail has at most.
const maxTrail = 64

// PositionOf returns the position of trails, of which each is given with the number of its last event.
func PositionOf(numbers map[string]int64) Position {
	parts := make([]string, 0, len(numbers))
	for _, trail := range slices.Sorted(maps.Keys(numbers)) {
		parts = append(parts, fmt.Sprintf("%s=%d", trail, numbers[trail]))
	}
	return Position(strings.Join(parts, " "))
}

// Numbers returns the number of the last event of each trail, or an error if the
// position is none.
func (p Position) Numbers() (map[string]int64, error) {
	if strings.Count(string(p), "=") > MaxReviewedTrails {
		return nil, fmt.Errorf("there are more than %d trails in it: sign one tenant after the other", MaxReviewedTrails)
	}
	numbers := map[string]int64{}
	for part := range strings.FieldsSeq(string(p)) {
		trail, number, _ := strings.Cut(part, "=")
		n, err := strconv.ParseInt(number, 10, 64)
		if err != nil || n < 0 || trail == "" || len(trail) > maxTrail {
			return nil, errors.New("it is no position in trails: give the one that the review was made at")
		}
		numbers[trail] = n
	}
	return numbers, nil
}

// Normalise returns the review in canonical form, and a violation for everything
// that is not well-formed or beyond a limit.
func (r Review) Normalise() (Review, Violations) {
	var c check
	if r.TenantID != "" {
		r.TenantID = field(&c, At("tenant_id"), string(r.TenantID), ParseAccountCode)
	}
	if r.Person != "" {
		r.Person = field(&c, At("person"), string(r.Person), ParseEmail)
	}
	r.Digest = field(&c, At("digest"), r.Digest, ParseDigest)
	r.Note = field(&c, At("note"), r.Note, ParseNote)
	r.Seen = field(&c, At("seen"), string(r.Seen), func(text string) (Position, error) {
		numbers, err := Position(text).Numbers()
		return PositionOf(numbers), err
	})
	return r, c.violations
}

// ParseDigest returns the canonical form of a review's digest: 64 lower-case hexadecimal digits.
func ParseDigest(s string) (string, error) {
	const digits = 64
	lower := strings.ToLower(s)
	if len(lower) != digits || strings.Trim(lower, "0123456789abcdef") != "" {
		return "", fmt.Errorf("%s is not a digest: write the %d hexadecimal digits that the review shows", quote(s), digits)
	}
	return lower, nil
}
