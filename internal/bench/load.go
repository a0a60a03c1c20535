package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory/httpclient"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

// clients is how many requests are on their way at once.
const clients = 16

// sustain prints how many requests a second the service answers, and how long
// they take, with clients that ask without a pause.
func sustain(ctx context.Context, program string, size size, lasting time.Duration) error {
	s, stop, err := temporaryService(ctx, program, empty)
	if err != nil {
		return err
	}
	defer stop()
	d, err := httpclient.New(httpclient.Config{URL: s.url, ClientID: s.clientID, ClientSecret: s.clientSecret})
	if err != nil {
		return err
	}
	if err := fill(ctx, d, size); err != nil {
		return err
	}
	fmt.Printf("\n| %d clients for %s, %s grants | requests/s | p50 | p99 |\n|---|---|---|---|\n", clients, lasting, size)
	roles := []rolemodel.RoleID{rolemodel.HelpDeskAdmin, rolemodel.GatewayAdmin}
	loads := []struct {
		name string
		ask  func(context.Context, int) error
	}{
		{"read one external admin", func(ctx context.Context, i int) error {
			_, err := d.ExternalAdmin(ctx, tenantCode(i%size.tenants), technician(i%size.admins))
			return err
		}},
		{"list the external admins of a tenant", func(ctx context.Context, i int) error {
			_, err := directory.Collect(d.ExternalAdmins(ctx, directory.ExternalAdminFilter{TenantIDs: []rolemodel.AccountCode{tenantCode(i % size.tenants)}}))
			return err
		}},
		{"change an external admin's role", func(ctx context.Context, i int) error {
			grant := rolemodel.ExternalAdmin{TenantID: tenantCode(i % size.tenants), Email: technician(i % size.admins), RoleID: roles[i/size.tenants%len(roles)]}
			_, err := directory.Update(ctx, d, directory.KeyOf(grant), grant, 0, "")
			return err
		}},
	}
	for _, load := range loads {
		took, err := repeat(ctx, lasting, load.ask)
		if err != nil {
			return fmt.Errorf("%s: %w", load.name, err)
		}
		at := func(percent int) time.Duration { return took[(len(took)-1)*percent/100].Round(100 * time.Microsecond) }
		fmt.Printf("| %s | %.0f | %s | %s |\n", load.name, float64(len(took))/lasting.Seconds(), at(50), at(99))
	}
	return nil
}

// repeat asks with all clients for a time and returns how long each answer took, sorted.
func repeat(ctx context.Context, lasting time.Duration, ask func(context.Context, int) error) ([]time.Duration, error) {
	var mu sync.Mutex
	var all []time.Duration
	var errs []error
	var wait sync.WaitGroup
	end := time.Now().Add(lasting)
	for client := range clients {
		wait.Go(func() {
			var took []time.Duration
			var err error
			for i := client; err == nil && time.Now().Before(end); i += clients {
				start := time.Now()
				err = ask(ctx, i)
				took = append(took, time.Since(start))
			}
			mu.Lock()
			defer mu.Unlock()
			all, errs = append(all, took...), append(errs, err)
		})
	}
	wait.Wait()
	slices.Sort(all)
	return all, errors.Join(errs...)
}

// fill puts a partner, its tenants and their external admins into the directory.
func fill(ctx context.Context, d directory.Directory, size size) error {
	const partner = "CUSA00A000"
	if _, err := directory.Create(ctx, d, rolemodel.Partner{
		AccountCode: partner, Name: "Northwind IT", Program: rolemodel.ProgramMSP, PartnerPortal: true, Domains: []rolemodel.Domain{"northwind.example"},
	}, ""); err != nil {
		return err
	}
	admins := make([]rolemodel.ExternalAdmin, size.admins)
	for a := range admins {
		admins[a] = rolemodel.ExternalAdmin{Email: technician(a), RoleID: rolemodel.HelpDeskAdmin}
	}
	for t := range size.tenants {
		code := tenantCode(t)
		if _, err := directory.Create(ctx, d, rolemodel.Tenant{
			AccountCode: code, Name: "Client " + string(code), PrimaryDomain: rolemodel.Domain(fmt.Sprintf("client%05d.example", t)), PartnerID: partner,
		}, ""); err != nil {
			return err
		}
		if _, err := directory.ReplaceExternalAdmins(ctx, d, directory.Replace{Action: directory.ActionUpdate, Tenant: code, Admins: admins}); err != nil {
			return err
		}
	}
	return nil
}

func tenantCode(t int) rolemodel.AccountCode {
	return rolemodel.AccountCode(fmt.Sprintf("CUSB%05d", t))
}

func technician(a int) rolemodel.Email {
	return rolemodel.Email(fmt.Sprintf("technician%03d@northwind.example", a))
}
