package main

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory/sqldb"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

const (
	pageLength = 100
	// rounds is how often what takes milliseconds is measured; the tables have medians.
	rounds = 101
)

// large prints, for a directory with many grants on each database, what a page
// of each list takes at its end and at its start, and a grant that is written
// beside one that is written to a directory with few.
func large(ctx context.Context, many, few int) error {
	for _, database := range databases() {
		fmt.Printf("\n| a page of %d, %s, %d grants | entries | at the end, at the start | slower / faster |\n|---|---|---|---|\n", pageLength, database.name, many)
		w := worldOf(many)
		db, drop, err := w.open(ctx, database)
		if err != nil {
			return err
		}
		defer drop()
		for _, l := range w.lists() {
			start, end, err := l.measure(ctx, db)
			if err != nil {
				return fmt.Errorf("%s: %w", l.name, err)
			}
			fmt.Printf("| %s | %d | %s |\n", l.name, l.length(), same(end, start, atMost(1.5)))
		}
		small, dropSmall, err := worldOf(few).open(ctx, database)
		if err != nil {
			return err
		}
		defer dropSmall()
		written, toFew, err := writeGrants(ctx, worldOf(few), db, small)
		if err != nil {
			return err
		}
		fmt.Printf("\n| %s | %d grants / %d |\n|---|---|\n| a grant is written | %.2f / %.2f ms = %s |\n",
			database.name, many, few, milliseconds(written), milliseconds(toFew), atMost(1.3).beside("%.2f", written.Seconds()/toFew.Seconds()))
	}
	return nil
}

// open builds the world in a new directory.
func (w world) open(ctx context.Context, database database) (*sqldb.DB, func(), error) {
	dsn, drop, err := database.create(ctx)
	if err != nil {
		return nil, nil, err
	}
	if err := w.build(ctx, dsn); err != nil {
		drop()
		return nil, nil, err
	}
	db, err := sqldb.New(dsn)
	return db, func() {
		_ = db.Close()
		drop()
	}, err
}

// measure returns how long a page at the start of the list takes and one at its
// end, of as many entries.
func (l *list) measure(ctx context.Context, db *sqldb.DB) (start, end time.Duration, err error) {
	d := db.Open(directory.Caller{Actor: operator(), Scope: l.scope})
	pageLength := min(pageLength, l.length()/2)
	last := l.behind(pageLength)
	for _, after := range []int{0, last} { // One more than a page shows that the end is the end.
		n, err := l.page(ctx, d, after, pageLength+1)
		if want := pageLength + min(last-after, 1); err != nil || n != want {
			return 0, 0, fmt.Errorf("there are %d entries behind the entry %d, want %d: %w", n, after, want, err)
		}
	}
	return inTurns(rounds, func(int) error {
		_, err := l.page(ctx, d, 0, pageLength)
		return err
	}, func(int) error {
		_, err := l.page(ctx, d, last, pageLength)
		return err
	})
}

// writeGrants returns how long a grant takes to be written to each of two
// directories, to the same tenants of a small world.
func writeGrants(ctx context.Context, small world, one, other *sqldb.DB) (time.Duration, time.Duration, error) {
	write := func(db *sqldb.DB) func(int) error {
		d := db.Open(directory.Owner(operator()))
		return func(i int) error {
			tenant := 2 + i%(small.full()/2-1)*2 // Tenants of partner 1, but for the full one.
			_, err := directory.Create(ctx, d, rolemodel.ExternalAdmin{
				TenantID: small.tenant(tenant), Email: rolemodel.Email(fmt.Sprintf("new%d@%s", i, small.technician(0, 1).Domain())), RoleID: rolemodel.HelpDeskAdmin,
			}, "")
			return err
		}
	}
	return inTurns(5*rounds, write(one), write(other))
}

// inTurns does two things so often in turns, now the one first and now the other,
// so that what else the machine does meets both, and returns the median of what
// each takes.
func inTurns(rounds int, one, other func(round int) error) (time.Duration, time.Duration, error) {
	do := []func(int) error{one, other}
	var took [2][]time.Duration
	for round := range rounds {
		for _, i := range [][2]int{{0, 1}, {1, 0}}[round%2] {
			start := time.Now()
			if err := do[i](round); err != nil {
				return 0, 0, err
			}
			took[i] = append(took[i], time.Since(start))
		}
	}
	return median(took[0]), median(took[1]), nil
}

func median(took []time.Duration) time.Duration {
	slices.Sort(took)
	return took[len(took)/2]
}

// same writes what two things take that are to take the same, and how much
// longer the slower one takes beside its goal.
func same(one, other time.Duration, goal goal) string {
	return fmt.Sprintf("%.2f ms, %.2f ms | %s", milliseconds(one), milliseconds(other), goal.beside("%.2f", max(one, other).Seconds()/min(one, other).Seconds()))
}

func milliseconds(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }
