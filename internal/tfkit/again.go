package tfkit

import (
	"fmt"
	"strings"
)

// again returns what a text was reported for before, "" if it is reported for the
// first time: one mistake that forty instances repeat is explained once, and the
// other errors, which Terraform does not fold, point at it. The tenant's own code
// makes no difference.
func (s Subject) again(text string) string {
	if s.Session == nil || s.Key == "" {
		return ""
	}
	if s.Tenant != "" {
		text = strings.ReplaceAll(text, s.Tenant, "")
	}
	name := s.name()
	first, said := s.Session.said.LoadOrStore(text, name)
	if !said || first == name {
		return ""
	}
	return fmt.Sprint(first)
}

// name names the entry among all entries.
func (s Subject) name() string {
	if s.Tenant == "" || s.Tenant == s.Key {
		return fmt.Sprintf("%s %q", s.Kind, s.Key)
	}
	return fmt.Sprintf("%s %q of tenant %q", s.Kind, s.Key, s.Tenant)
}
