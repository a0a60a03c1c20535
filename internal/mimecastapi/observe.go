package mimecastapi

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"sync"

	"golang.org/x/sync/errgroup"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

// Seen is what the reads prove of a tenant, for an observation that is not
// complete. Nothing in it says that somebody or a role is not there.
type Seen struct {
	Tenant rolemodel.AccountCode
	// Why is why nothing of the tenant was observable, "" if something may have been.
	Why string
	// Admins are by email, Roles by name. They have no Sighting yet.
	Admins []rolemodel.ObservedAdmin
	Roles  []rolemodel.ObservedRole
	// RolesWhy is why names of custom roles were not observable, "" if they were or none were asked for.
	RolesWhy string
	// NotObservable are the addresses of which nothing is known, by email.
	NotObservable []NotObservable
}

// NotObservable is an address of which the reads prove nothing.
type NotObservable struct {
	Email rolemodel.Email
	// Why says why in a sentence or two.
	Why string
}

// workers is how many profiles are read at once.
const workers = 4

// Observe finds out what Mimecast's reads can prove about tenants. It first makes
// sure whose account answers: whoami and get-account must agree on the credential's
// own, and get-account must name each tenant's code before anything else of it is
// believed. Before it asks about a tenant, it calls asking with the tenant's place, from 0.
//
// What a read does not answer, or answers so that it proves nothing, is among what
// was not observable. An error means that no read works: there is no token, the
// credential's own account is not proven, or Mimecast is out of reach.
func Observe(ctx context.Context, c *Client, questions []Question, asking func(int)) ([]Seen, error) {
	own, err := c.ownAccount(ctx)
	if err != nil {
		return nil, err
	}
	seen := make([]Seen, 0, len(questions))
	for i, q := range questions {
		asking(i)
		s, err := c.observe(ctx, own, q)
		if err != nil {
			return nil, err
		}
		seen = append(seen, s)
	}
	return seen, nil
}

// ownAccount returns the account of the credential.
func (c *Client) ownAccount(ctx context.Context) (rolemodel.AccountCode, error) {
	type codes struct {
		CloudGateway    string `json:"cg"`
		CloudIntegrated string `json:"ci"`
	}
	var who struct {
		Target codes `json:"account-codes"`
		Home   codes `json:"home-account"`
	}
	if err := c.get(ctx, readWhoami, nil, &who); err != nil {
		return "", fmt.Errorf("which account the credential is of cannot be told: %w", err)
	}
	own, err := rolemodel.ParseAccountCode(who.Target.CloudGateway)
	switch {
	case who.Target.CloudGateway == "" && who.Target.CloudIntegrated != "":
		return "", fmt.Errorf("the credential is of the Cloud Integrated account %q: only Cloud Gateway accounts can be observed this way", short(who.Target.CloudIntegrated))
	case err != nil:
		return "", fmt.Errorf("which account the credential is of cannot be told: Mimecast's answer to whoami has %q for the account it acts on", short(who.Target.CloudGateway))
	case !same(who.Home.CloudGateway, own):
		return "", fmt.Errorf("which account the credential is of cannot be told: whoami says that it is at home in %q and acts on %s, though no account was chosen", short(who.Home.CloudGateway), own)
	}
	answered, err := c.account(ctx, "")
	switch {
	case err != nil:
		return "", fmt.Errorf("whoami says that the credential is of %s, and get-account does not confirm it: %w", own, err)
	case !same(answered, own):
		return "", fmt.Errorf("whoami says that the credential is of %s and get-account that it is of %q: nothing is believed", own, short(answered))
	}
	return own, nil
}

// account returns the code of the account that answers if an account is chosen, "" for the credential's own.
func (c *Client) account(ctx context.Context, choose rolemodel.AccountCode) (string, error) {
	var accounts []struct {
		AccountCode string `json:"accountCode"`
	}
	if err := c.post(ctx, readGetAccount, string(choose), struct{}{}, &accounts); err != nil {
		return "", err
	}
	if len(accounts) != 1 || accounts[0].AccountCode == "" {
		return "", unknownForm(lookUp(readGetAccount))
	}
	return accounts[0].AccountCode, nil
}

func (c *Client) observe(ctx context.Context, own rolemodel.AccountCode, q Question) (Seen, error) {
	seen := Seen{Tenant: q.Tenant}
	choose := q.Tenant
	if q.Tenant == own {
		choose = "" // Proven already.
	} else {
		answered, err := c.account(ctx, q.Tenant)
		var unread *ReadError
		switch {
		case errors.As(err, &unread) && !unread.NoAnswer:
			seen.Why = fmt.Sprintf("The credential of %s does not reach the account: %s", own, unread.Detail)
			return seen, nil
		case err != nil:
			return seen, err
		case !same(answered, q.Tenant):
			seen.Why = fmt.Sprintf("Asked on behalf of %s, account %q answered: the credential of %s does not act for it.", q.Tenant, short(answered), own)
			return seen, nil
		}
	}
	if len(q.Roles) > 0 {
		if err := c.observeRoles(ctx, own, q, &seen); err != nil {
			return seen, err
		}
	}
	return seen, c.observeAdmins(ctx, choose, q, &seen)
}

// observeRoles notes which of the custom roles are listed.
func (c *Client) observeRoles(ctx context.Context, own rolemodel.AccountCode, q Question, seen *Seen) error {
	if q.Tenant != own {
		seen.RolesWhy = fmt.Sprintf("The list of roles is of the credential's own account, %s: no way to ask for that of a partner's client is documented. A credential of the client's account can.", own)
		return nil
	}
	listed, err := c.roleNames(ctx)
	var unread *ReadError
	if errors.As(err, &unread) {
		seen.RolesWhy = unread.Detail
		return nil
	}
	if err != nil {
		return err
	}
	for _, name := range q.Roles {
		if listed[rolemodel.FoldName(name)] {
			seen.Roles = append(seen.Roles, rolemodel.ObservedRole{Name: name})
		}
	}
	slices.SortFunc(seen.Roles, func(a, b rolemodel.ObservedRole) int { return strings.Compare(a.Name, b.Name) })
	return nil
}

// roleNames returns the names of the roles of the credential's own account, folded.
func (c *Client) roleNames(ctx context.Context) (map[string]bool, error) {
	type cursor struct{ Next, NextPage, NextPageToken string }
	names, asked := map[string]bool{}, map[string]bool{}
	query := url.Values{"pageSize": {"100"}}
	for {
		var page struct {
			Roles *[]struct {
				RoleName string `json:"roleName"`
			} `json:"roles"`
			Meta struct {
				Pagination              cursor
				NextPage, NextPageToken string
			} `json:"meta"`
		}
		if err := c.get(ctx, readRoles, query, &page); err != nil {
			return nil, err
		}
		if page.Roles == nil {
			return nil, unknownForm(lookUp(readRoles))
		}
		for _, role := range *page.Roles {
			names[rolemodel.FoldName(role.RoleName)] = true
		}
		// All of these names are in others' code.
		in := page.Meta.Pagination
		next := firstOf(in.Next, in.NextPage, in.NextPageToken, page.Meta.NextPage, page.Meta.NextPageToken)
		if next == "" {
			return names, nil
		}
		if asked[next] {
			return nil, unknownForm(lookUp(readRoles))
		}
		asked[next] = true
		query.Set("pageToken", next)
	}
}

// observeAdmins notes what the profiles prove. Once get-profile as such is refused it asks no further.
func (c *Client) observeAdmins(ctx context.Context, choose rolemodel.AccountCode, q Question, seen *Seen) error {
	addresses := slices.Compact(slices.Sorted(slices.Values(q.Addresses)))
	verdicts := make([]verdict, len(addresses))
	var refused struct {
		sync.Mutex
		why string
	}
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(workers)
	for i, address := range addresses {
		group.Go(func() error {
			refused.Lock()
			why := refused.why
			refused.Unlock()
			if why != "" {
				verdicts[i] = verdict{why: why}
				return nil
			}
			var err error
			verdicts[i], err = c.profile(ctx, choose, q.Tenant, address)
			var unread *ReadError
			if !errors.As(err, &unread) {
				return err
			}
			verdicts[i] = verdict{why: unread.Detail}
			if unread.Refused {
				refused.Lock()
				refused.why = unread.Detail
				refused.Unlock()
			}
			return nil
		})
	}
	if err := group.Wait(); err != nil {
		return err
	}
	for i, address := range addresses {
		if v := verdicts[i]; v.why != "" {
			seen.NotObservable = append(seen.NotObservable, NotObservable{Email: address, Why: v.why})
		} else {
			seen.Admins = append(seen.Admins, rolemodel.ObservedAdmin{Email: address, RoleName: v.roleName})
		}
	}
	return nil
}

func (c *Client) profile(ctx context.Context, choose, tenant rolemodel.AccountCode, address rolemodel.Email) (verdict, error) {
	type question struct {
		EmailAddress rolemodel.Email `json:"emailAddress"`
		ShowAvatar   bool            `json:"showAvatar"`
	}
	var profiles []profile
	if err := c.post(ctx, readGetProfile, string(choose), question{EmailAddress: address}, &profiles); err != nil {
		return verdict{}, err
	}
	return judge(tenant, address, profiles), nil
}

// same says whether an account code in an answer is the one meant.
func same(answered string, meant rolemodel.AccountCode) bool {
	code, err := rolemodel.ParseAccountCode(answered)
	return err == nil && code == meant
}

// short cuts a text of an answer, so that a message stays one.
func short(s string) string { return fmt.Sprintf("%.60s", s) }

func firstOf(texts ...string) string {
	for _, text := range texts {
		if text != "" {
			return text
		}
	}
	return ""
}
