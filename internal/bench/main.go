// Command bench measures how long Terraform takes for many tenants and external
// admins, in both ways of granting, beside the same configuration made of
// Terraform's own terraform_data resources: the floor, what the CLI takes with
// no provider at all; through the directory service beside an embedded directory;
// and in a directory with many grants of others. It attacks the service, too. It
// prints tables of ratios and the goals beside them; run it with `make bench`.
package main

import (
	"context"
	"flag"
	"fmt"
	"log"
	"os"
	"os/signal"
	"slices"
	"strings"
	"time"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/bench/attack"
)

func main() {
	attack.Main()
	cli := flag.String("cli", "terraform", "the Terraform or OpenTofu command")
	rc := flag.String("rc", "bin/dev.tfrc", "the CLI configuration whose dev_overrides name the provider")
	sizes := flag.String("sizes", "100x10,500x10", "tenants x external admins in each, separated by commas")
	runs := flag.Int("runs", 3, "how often plan and refresh are measured; the table has the median")
	remote := flag.Bool("remote-state", false, "keep the state in an http backend instead of a local file")
	skip := flag.Bool("skip-destroy", false, "leave out the destroy")
	only := flag.String("only", "", "measure only some of embedded, memory, service, beside, large and attacks, separated by commas")
	grants := flag.Int("grants", 1_000_000, "how many grants a large directory has")
	others := flag.Int("others", 200_000, "how many grants of others the service has")
	lasting := flag.Duration("lasting", 20*time.Second, "how long the service is asked without a pause, for each kind of request")
	wayName := flag.String("way", "", "measure only the way of granting \"map\" or \"single\"")
	program := flag.String("program", "bin/terraform-provider-mimecast", "the provider's program, which is also the service")
	flag.Parse()

	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	b := bench{cli: *cli, rc: *rc, runs: *runs, remoteState: *remote, skipDestroy: *skip, way: *wayName}
	var all []size
	for _, s := range strings.Split(*sizes, ",") {
		var size size
		if _, err := fmt.Sscanf(s, "%dx%d", &size.tenants, &size.admins); err != nil {
			log.Fatalf("-sizes: %q is not of the form 100x10", s)
		}
		all = append(all, size)
	}
	fmt.Printf("Seconds / seconds = ratio. Plan and refresh: median of %d.\n", b.runs)
	last := all[len(all)-1]
	for _, part := range []struct {
		name  string
		print func() error
	}{
		{"embedded", func() error { return compareEmbedded(ctx, b, all) }},
		{"memory", func() error { return printMemory(ctx, b) }},
		{"service", func() error {
			if err := compareService(ctx, b, *program, last); err != nil {
				return err
			}
			return sustain(ctx, *program, last, *lasting)
		}},
		{"beside", func() error { return besideOthers(ctx, b, *program, *others) }},
		{"large", func() error { return large(ctx, *grants, 1000) }},
		{"attacks", func() error { return attacks(ctx, *program) }},
	} {
		if *only != "" && !slices.Contains(strings.Split(*only, ","), part.name) {
			continue
		}
		if err := part.print(); err != nil {
			log.Fatalf("%s: %v", part.name, err)
		}
	}
}

// compareEmbedded prints what an embedded directory takes beside the floor.
func compareEmbedded(ctx context.Context, b bench, sizes []size) error {
	fmt.Printf("\n| size | way of granting, against the floor | create | plan | refresh | destroy | provider's peak memory |\n|---|---|---|---|---|---|---|\n")
	for _, size := range sizes {
		created := map[string]time.Duration{}
		for _, way := range b.ways() {
			ours, err := b.measure(ctx, size, way.ours, embedded())
			if err != nil {
				return err
			}
			floor, err := b.measure(ctx, size, way.floor, nil)
			if err != nil {
				return err
			}
			created[way.name] = ours.create
			fmt.Printf("| %s | %s | %s | %d MB |\n", size, way.name, ours.against(floor, atMost(1.3)), ours.memory>>20)
		}
		if b.way == "" {
			faster := atLeast(10).beside("%.1f", created["single"].Seconds()/created["map"].Seconds())
			fmt.Printf("| %s | map is created faster than single: %s times | | | | | |\n", size, faster)
		}
	}
	return nil
}

// compareService prints what the service takes, near and far, beside an embedded directory.
func compareService(ctx context.Context, b bench, program string, size size) error {
	fmt.Printf("\n| size | service, against an embedded directory | create | plan | refresh | destroy |\n|---|---|---|---|---|---|\n")
	for _, way := range b.ways() {
		near, err := b.measure(ctx, size, way.ours, embedded())
		if err != nil {
			return err
		}
		for _, latency := range []time.Duration{0, 50 * time.Millisecond} {
			far, err := b.throughService(ctx, program, size, way, latency)
			if err != nil {
				return err
			}
			fmt.Printf("| %s | %s, %s added to each request | %s |\n", size, way.name, latency, far.against(near, atMost(1.5)))
		}
	}
	return nil
}

// throughService measures one way of granting through a service of its own.
func (b bench) throughService(ctx context.Context, program string, size size, way way, latency time.Duration) (figures, error) {
	s, stop, err := temporaryService(ctx, program, empty)
	if err != nil {
		return figures{}, err
	}
	defer stop()
	to, hangUp, err := s.far(latency)
	if err != nil {
		return figures{}, err
	}
	defer hangUp()
	return b.measure(ctx, size, way.ours, to)
}

// printMemory prints how much memory the provider has for many tenants, with a
// state that is not written anew for each.
func printMemory(ctx context.Context, b bench) error {
	b.remoteState, b.skipDestroy, b.runs = true, true, 1
	size := size{1000, 10}
	fmt.Printf("\n| size | way of granting | provider's peak memory |\n|---|---|---|\n")
	for _, way := range b.ways() {
		f, err := b.measure(ctx, size, way.ours, embedded())
		if err != nil {
			return err
		}
		fmt.Printf("| %s | %s | %s MB |\n", size, way.name, atMost(80).beside("%.0f", float64(f.memory)/(1<<20)))
	}
	return nil
}

// against returns the columns of a table that compare two measurements. The goal is the plan's.
func (f figures) against(other figures, plan goal) string {
	columns := []string{ratio(f.create, other.create), ratio(f.plan, other.plan), ratio(f.refresh, other.refresh), ratio(f.destroy, other.destroy)}
	if f.plan > 0 && other.plan > 0 {
		columns[1] = fmt.Sprintf("%.1f / %.1f = %s", f.plan.Seconds(), other.plan.Seconds(), plan.beside("%.2f", f.plan.Seconds()/other.plan.Seconds()))
	}
	return strings.Join(columns, " | ")
}

func ratio(ours, floor time.Duration) string {
	if ours == 0 {
		return "-"
	}
	return fmt.Sprintf("%.1f / %.1f = %.2f", ours.Seconds(), floor.Seconds(), ours.Seconds()/floor.Seconds())
}
