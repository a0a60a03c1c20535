package attack

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"os/exec"
	"slices"
)

// order is the variable of the environment that makes a process an attacker.
const order = "MIMECAST_ATTACK"

// Main attacks and does not return if On has started this process to attack. Call
// it first in main or TestMain.
func Main() {
	var s service
	if json.Unmarshal([]byte(os.Getenv(order)), &s) != nil {
		return
	}
	done := outcome{}
	if err := s.attacked(context.Background()); err != nil {
		done.Error = err.Error()
	}
	done.Answers, done.Largest = s.answers, s.largest
	_ = json.NewEncoder(os.Stdout).Encode(done)
	os.Exit(0)
}

// outcome is what an attacker reports.
type outcome struct {
	Answers map[int]int
	Largest int64
	Error   string
}

// attacked does what the service is to be attacked with.
func (s *service) attacked(ctx context.Context) error {
	all := All()
	i := slices.IndexFunc(all, func(a Attack) bool { return a.Name == s.Attack })
	if i < 0 {
		return fmt.Errorf("there is no attack %q", s.Attack)
	}
	s.answers, s.attacker = map[int]int{}, clientFrom(net.IPv4(127, 0, 0, 1))
	var err error
	if s.url, err = url.Parse(s.URL); err != nil {
		return err
	}
	return all[i].run(ctx, s)
}

// apart attacks from another process, which leaves the processor to the service
// and to those who read: attackers have machines of their own.
func (a *Attack) apart(ctx context.Context, s *service) (outcome, error) {
	s.Attack, s.URL = a.Name, s.url.String()
	encoded, err := json.Marshal(s)
	if err != nil {
		return outcome{}, err
	}
	self, err := os.Executable()
	if err != nil {
		return outcome{}, err
	}
	command := exec.CommandContext(ctx, "nice", "-n", "19", self)
	command.Env = append(os.Environ(), order+"="+string(encoded))
	command.Stderr = os.Stderr
	out, err := command.Output()
	var done outcome
	if err := errors.Join(err, json.Unmarshal(out, &done)); err != nil {
		return done, fmt.Errorf("the attacker: %w", err)
	}
	if done.Error != "" {
		err = errors.New(done.Error)
	}
	return done, err
}
