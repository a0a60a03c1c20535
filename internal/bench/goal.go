package main

import "fmt"

// goal is what a figure is to be.
type goal struct {
	bound string
	value float64
}

func atMost(value float64) goal  { return goal{"at most", value} }
func atLeast(value float64) goal { return goal{"at least", value} }

// beside writes the figure in a format, and the goal beside it.
func (g goal) beside(format string, figure float64) string {
	how := "met"
	if g.bound == "at most" && figure > g.value || g.bound == "at least" && figure < g.value {
		how = "**missed**"
	}
	return fmt.Sprintf(format+" (%s %g: %s)", figure, g.bound, g.value, how)
}
