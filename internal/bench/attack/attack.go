package attack

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net"
	"net/http"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// The goals: how much memory the service has at most under any attack, and how
// long a read of somebody else takes at most meanwhile.
const (
	MostMemory  = 256 << 20
	LongestRead = 100 * time.Millisecond
)

// Attack is one of those in All.
type Attack struct {
	Name string
	// secure serves over HTTPS, which HTTP/2 needs.
	secure bool
	run    func(ctx context.Context, s *service) error
}

// Report says how the service fared under an attack.
type Report struct {
	// Memory is the service's peak resident set, in bytes.
	Memory int64
	// Reads are how long reads of another partner took meanwhile, from another
	// address and over connections of their own, sorted.
	Reads []time.Duration
	// Refused are those of them that had another answer than 200, by status.
	Refused map[int]int
	// Answers counts what the attacker was answered by status, 0 for connections
	// that were closed, and Largest is the largest answer in bytes.
	Answers map[int]int
	Largest int64
}

// Read returns the time that so many percent of the reads took at most.
func (r *Report) Read(percent int) time.Duration {
	if len(r.Reads) == 0 {
		return 0
	}
	return r.Reads[(len(r.Reads)-1)*percent/100].Round(100 * time.Microsecond)
}

// Statuses says what the attacker was answered.
func (r *Report) Statuses() string {
	var all []string
	for _, status := range slices.Sorted(maps.Keys(r.Answers)) {
		name := strconv.Itoa(status)
		if status == 0 {
			name = "closed"
		}
		all = append(all, fmt.Sprintf("%s: %d", name, r.Answers[status]))
	}
	return strings.Join(all, ", ")
}

// On attacks a service of its own that the program, the provider's, serves of a
// new directory: a PostgreSQL URL or the path of a file. The error says what the
// service should not have answered, or why there was no attack. This process must
// have called Main.
func (a *Attack) On(ctx context.Context, program, directory string) (Report, error) {
	s, err := start(ctx, program, directory, a.secure)
	if err != nil {
		return Report{}, err
	}
	defer s.stop()
	other, err := s.token(ctx, "--partner", "CMSP2", "--role", "super-admin")
	if err != nil {
		return Report{}, err
	}
	report := Report{Refused: map[int]int{}}
	reading, stop := context.WithCancel(ctx)
	var reader sync.WaitGroup
	reader.Go(func() { s.readAsOther(ctx, reading, other, &report) })
	done, err := a.apart(ctx, s)
	stop()
	reader.Wait()
	slices.Sort(report.Reads)
	report.Answers, report.Largest = done.Answers, done.Largest
	memory, failed := peak(s.process.Process.Pid)
	report.Memory = memory
	return report, errors.Join(err, failed)
}

// readAsOther reads until the context reading ends.
func (s *service) readAsOther(ctx, reading context.Context, token string, report *Report) {
	client := clientFrom(net.IPv4(127, 0, 0, 2))
	for reading.Err() == nil {
		for _, path := range []string{"/v1/tenants/CBETA", "/v1/tenants", "/v1/external-admins?tenant_id=CBETA", "/v1/audit-events"} {
			start := time.Now()
			if status, _ := s.send(ctx, client, http.MethodGet, path, token, nil); status != http.StatusOK {
				report.Refused[status]++
			}
			report.Reads = append(report.Reads, time.Since(start))
			time.Sleep(15 * time.Millisecond) // Below the rate limit.
		}
	}
}

// peak returns how many bytes of memory a process had at most (Linux).
func peak(pid int) (int64, error) {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0, err
	}
	_, rest, _ := strings.Cut(string(status), "VmHWM:")
	kilobytes, _, _ := strings.Cut(strings.TrimSpace(rest), " ")
	n, err := strconv.ParseInt(kilobytes, 10, 64)
	return n << 10, err
}
