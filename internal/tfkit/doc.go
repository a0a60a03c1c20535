// Package tfkit is the Terraform code that the entity packages share. A thing
// belongs here if three of them use it; each file is one idea.
package tfkit
