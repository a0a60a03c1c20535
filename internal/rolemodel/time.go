package rolemodel

import (
	"fmt"
	"strings"
	"time"
)

// Time is a moment in canonical form: RFC 3339 in UTC, to the second
// ("2026-11-25T14:00:00Z"), or "" for none. Moments compare as strings do.
type Time string

// TimeOf returns the moment in canonical form, fractions of a second cut off.
func TimeOf(t time.Time) Time { return Time(t.UTC().Format(time.RFC3339)) }

// ParseTime returns the canonical form of a moment in RFC 3339, whatever its
// offset from UTC, in the years 1 to 9999. Fractions of a second are cut off.
func ParseTime(s string) (Time, error) {
	t, err := time.Parse(time.RFC3339, s)
	if year := t.UTC().Year(); err != nil || year < 1 || year > 9999 {
		return "", fmt.Errorf("%s is not a time: write it as RFC 3339 has it, for example \"2027-01-31T18:00:00Z\"", quote(s))
	}
	return TimeOf(t), nil
}

// Day returns the date of the moment, "2026-11-25", or "" for none.
func (t Time) Day() string {
	day, _, _ := strings.Cut(string(t), "T")
	return day
}

// Passed says whether the moment is there and not after now. Both must be canonical.
func (t Time) Passed(now Time) bool { return t != "" && t <= now }
