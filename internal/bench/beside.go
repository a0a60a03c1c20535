package main

import (
	"context"
	"fmt"
	"time"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory/httpclient"
)

// besideOthers prints what a plan takes through a service that has many grants of
// others beside one that has none, both with an operator's credential, which sees
// them all; and what the pages of their list take.
func besideOthers(ctx context.Context, b bench, program string, others int) error {
	w := worldOf(others)
	alone, stop, err := temporaryService(ctx, program, empty)
	if err != nil {
		return err
	}
	defer stop()
	crowded, stop, err := temporaryService(ctx, program, func(dsn string) error { return w.build(ctx, dsn) })
	if err != nil {
		return err
	}
	defer stop()
	size := size{100, 10}
	fmt.Printf("\n| %s through the service | beside %d grants of others / alone |\n|---|---|\n", size, others)
	for _, way := range b.ways() {
		var plan [2]func(int) error
		for i, s := range []*service{crowded, alone} {
			folder, remove, err := b.folder(ctx, size, way.ours)
			if err != nil {
				return err
			}
			defer remove()
			if err := b.terraform(ctx, folder, s.at(s.url), "apply", "-auto-approve"); err != nil {
				return err
			}
			defer func() { _ = b.terraform(ctx, folder, s.at(s.url), "destroy", "-auto-approve") }()
			plan[i] = func(int) error { return b.terraform(ctx, folder, s.at(s.url), "plan", "-detailed-exitcode") }
		}
		beside, without, err := inTurns(max(b.runs, 15), plan[0], plan[1])
		if err != nil {
			return err
		}
		fmt.Printf("| plan, %s | %.2f / %.2f = %s |\n", way.name, beside.Seconds(), without.Seconds(), atMost(1.2).beside("%.2f", beside.Seconds()/without.Seconds()))
	}
	return listOverHTTP(ctx, w, crowded)
}

// listOverHTTP prints what the pages of a world's list of external admins take
// over HTTP, and what all of it does.
func listOverHTTP(ctx context.Context, w world, s *service) error {
	d, err := httpclient.New(httpclient.Config{URL: s.url, ClientID: s.clientID, ClientSecret: s.clientSecret})
	if err != nil {
		return err
	}
	page := w.grantPage(directory.ExternalAdminFilter{})
	end, start, err := inTurns(rounds, func(int) error {
		_, err := page(ctx, d, w.grants()-pageLength, pageLength)
		return err
	}, func(int) error {
		_, err := page(ctx, d, 0, pageLength)
		return err
	})
	if err != nil {
		return err
	}
	began := time.Now()
	n, err := count(d.ExternalAdmins(ctx, directory.ExternalAdminFilter{}))
	fmt.Printf("\n| %d external admins over HTTP | | slower / faster |\n|---|---|---|\n| a page of %d at the end, at the start | %s |\n| all | %.1f s | |\n",
		n, pageLength, same(end, start, atMost(1.5)), time.Since(began).Seconds())
	return err
}
