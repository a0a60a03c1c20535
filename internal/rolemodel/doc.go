// Package rolemodel is Mimecast's administrator role model as a library: the
// default roles, custom roles, partners, tenants, external admins, the rules
// between them and the sign-in decision.
//
// It is pure: no Terraform, no SQL, no HTTP, no context and no clock. Every
// value it returns belongs to the caller. Where Mimecast's documents are silent
// and this project had to choose, the source of a rule reads "modelled".
//
// Sources: "seed 000" is Mimecast's article "Managing Partner Administrators"
// (https://mimecastsupport.zendesk.com/hc/en-us/articles/34000392039187) and
// "seed 003" is "Understanding Administrator Roles"
// (https://mimecastsupport.zendesk.com/hc/en-us/articles/34000745394963).
package rolemodel
