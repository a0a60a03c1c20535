// Command bench measures how long Terraform takes for many tenants and external
// admins, in both ways of granting, beside the same configuration made of
// Terraform's own terraform_data resources: the floor, what the CLI takes with
// no provider at all; and through the directory service beside an embedded
// directory. It prints tables of ratios; run it with `make bench`.
package main

import (
	"context"
	"flag"
	"fmt"
	"log"
	"os"
	"os/signal"
	"strings"
	"time"
)

func main() {
	cli := flag.String("cli", "terraform", "the Terraform or OpenTofu command")
	rc := flag.String("rc", "bin/dev.tfrc", "the CLI configuration whose dev_overrides name the provider")
	sizes := flag.String("sizes", "100x10,500x10", "tenants x external admins in each, separated by commas")
	runs := flag.Int("runs", 3, "how often plan and refresh are measured; the table has the median")
	remote := flag.Bool("remote-state", false, "keep the state in an http backend instead of a local file")
	skip := flag.Bool("skip-destroy", false, "leave out the destroy")
	only := flag.String("only", "", "measure only \"embedded\" or \"service\"")
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
	if *only != "service" {
		if err := compareEmbedded(ctx, b, all); err != nil {
			log.Fatal(err)
		}
	}
	if *only != "embedded" {
		if err := compareService(ctx, b, *program, all[len(all)-1]); err != nil {
			log.Fatal(err)
		}
		if err := sustain(ctx, *program, all[len(all)-1], *lasting); err != nil {
			log.Fatal(err)
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
			fmt.Printf("| %s | %s | %s | %d MB |\n", size, way.name, ours.against(floor), ours.memory>>20)
		}
		if b.way == "" {
			fmt.Printf("| %s | map is created %.1f times faster than single | | | | | |\n", size, created["single"].Seconds()/created["map"].Seconds())
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
			fmt.Printf("| %s | %s, %s added to each request | %s |\n", size, way.name, latency, far.against(near))
		}
	}
	return nil
}

// throughService measures one way of granting through a service of its own.
func (b bench) throughService(ctx context.Context, program string, size size, way way, latency time.Duration) (figures, error) {
	s, stop, err := temporaryService(ctx, program)
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

// against returns the columns of a table that compare two measurements.
func (f figures) against(other figures) string {
	columns := []string{ratio(f.create, other.create), ratio(f.plan, other.plan), ratio(f.refresh, other.refresh), ratio(f.destroy, other.destroy)}
	return strings.Join(columns, " | ")
}

func ratio(ours, floor time.Duration) string {
	if ours == 0 {
		return "-"
	}
	return fmt.Sprintf("%.1f / %.1f = %.2f", ours.Seconds(), floor.Seconds(), ours.Seconds()/floor.Seconds())
}
