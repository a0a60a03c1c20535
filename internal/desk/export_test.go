package desk

import "time"

// HavePatience sets how long a page may take before it says how far it is.
func (d *Desk) HavePatience(patience time.Duration) { d.patience = patience }
