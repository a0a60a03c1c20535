package main

import (
	"context"
	"fmt"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/bench/attack"
)

// attacks prints how much memory the service has at most under each attack, and
// how long others wait for their reads meanwhile.
func attacks(ctx context.Context, program string) error {
	for _, database := range databases() {
		fmt.Printf("\n| attack, %s | service's peak memory, MB | others' reads: median, p99 | longest, ms | answers | largest answer |\n|---|---|---|---|---|---|\n", database.name)
		for _, a := range attack.All() {
			dsn, drop, err := database.create(ctx)
			if err != nil {
				return err
			}
			report, err := a.On(ctx, program, dsn)
			drop()
			if err != nil {
				return fmt.Errorf("%s: %w", a.Name, err)
			}
			fmt.Printf("| %s | %s | %s, %s | %s | %s | %d bytes |\n", a.Name, atMost(attack.MostMemory>>20).beside("%.0f", float64(report.Memory)/(1<<20)),
				report.Read(50), report.Read(99), atMost(milliseconds(attack.LongestRead)).beside("%.0f", milliseconds(report.Read(100))), report.Statuses(), report.Largest)
			if len(report.Refused) > 0 {
				fmt.Printf("| | reads of others that were refused, by status: %v | | | | |\n", report.Refused)
			}
		}
	}
	return nil
}
