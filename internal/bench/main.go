// Command bench measures how long Terraform takes for many tenants and external
// admins, in both ways of granting, beside the same configuration made of
// Terraform's own terraform_data resources: the floor, what the CLI takes with
// no provider at all. It prints a table of ratios; run it with `make bench`.
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
	flag.Parse()

	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, bench{cli: *cli, rc: *rc, runs: *runs}, strings.Split(*sizes, ",")); err != nil {
		log.Fatal(err)
	}
}

func run(ctx context.Context, b bench, sizes []string) error {
	fmt.Printf("Seconds of the provider / the floor = ratio. Plan and refresh: median of %d.\n\n", b.runs)
	fmt.Printf("| size | way of granting | create | plan | refresh | destroy | provider's peak memory |\n|---|---|---|---|---|---|---|\n")
	for _, s := range sizes {
		var size size
		if _, err := fmt.Sscanf(s, "%dx%d", &size.tenants, &size.admins); err != nil {
			return fmt.Errorf("-sizes: %q is not of the form 100x10: %w", s, err)
		}
		created := map[string]time.Duration{}
		for _, way := range ways() {
			ours, err := b.measure(ctx, size, way.ours)
			if err != nil {
				return err
			}
			floor, err := b.measure(ctx, size, way.floor)
			if err != nil {
				return err
			}
			created[way.name] = ours.create
			fmt.Printf("| %s | %s | %s | %s | %s | %s | %d MB |\n", s, way.name,
				ratio(ours.create, floor.create), ratio(ours.plan, floor.plan), ratio(ours.refresh, floor.refresh), ratio(ours.destroy, floor.destroy), ours.memory>>20)
		}
		fmt.Printf("| %s | map against single | %.1f times faster | | | | |\n", s, created["single"].Seconds()/created["map"].Seconds())
	}
	return nil
}

func ratio(ours, floor time.Duration) string {
	return fmt.Sprintf("%.1f / %.1f = %.2f", ours.Seconds(), floor.Seconds(), ours.Seconds()/floor.Seconds())
}
