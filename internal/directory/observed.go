package directory

import (
	"encoding/json"
	"fmt"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

// Observed is what the After of an audit event says of an Observe; the Before is
// the part of the rolemodel.Observation that it ended. One that takes something
// back has what is known again: of somebody of whom nothing is, no role.
type Observed struct {
	Complete  bool                      `json:"complete"`
	Admins    []rolemodel.ObservedAdmin `json:"admins"`
	Roles     []rolemodel.ObservedRole  `json:"roles"`
	Means     rolemodel.Means           `json:"means"`
	Note      string                    `json:"note,omitempty"`
	TakesBack string                    `json:"takes_back,omitempty"`
}

// Observed returns what the event says of an observation, nil if it is no
// observation or was not done.
func (e *AuditEvent) Observed() (*Observed, error) {
	if e.Kind != KindObservation || e.Action != ActionObserve || e.Outcome != OutcomeDone {
		return nil, nil //nolint:nilnil // There is none, which is no error.
	}
	var observed Observed
	if err := json.Unmarshal([]byte(e.After), &observed); err != nil {
		return nil, fmt.Errorf("audit event %s cannot be read: %w", e.ID, err)
	}
	return &observed, nil
}

// Said returns what the event, which Observed is of, said and ended.
func (e *AuditEvent) Said(observed *Observed) (*rolemodel.Said, error) {
	said := rolemodel.Said{Complete: observed.Complete, Admins: observed.Admins, Roles: observed.Roles}
	if e.Before == "" {
		return &said, nil
	}
	if err := json.Unmarshal([]byte(e.Before), &said.Ended); err != nil {
		return nil, fmt.Errorf("audit event %s cannot be read: %w", e.ID, err)
	}
	return &said, nil
}
