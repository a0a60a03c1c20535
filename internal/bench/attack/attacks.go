package attack

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"

	"golang.org/x/net/http2"
)

// replacement is the path of a change whose body may be large.
const replacement = "/v1/tenants/CALPHA0/external-admins"

const large = 4 << 20

// All returns the attacks: none, for the machine's own noise, what was done to the
// first version, and more.
func All() []Attack {
	return []Attack{
		{Name: "none", run: func(context.Context, *service) error { time.Sleep(5 * time.Second); return nil }},
		{Name: "400 connections without a credential send a body of 4 MB each", run: strangersBodies},
		{Name: "400 connections announce a body and send it byte by byte", run: slowBodies},
		{Name: "one HTTP/2 connection has 240 streams with a body each", secure: true, run: streams},
		{Name: "a reader of one tenant sends lists of ones, of 4 MB and as large as bodies may be", run: lists},
		{Name: "a replacement with 60,000 strangers' addresses", run: tooLarge},
		{Name: "150 replacements of 4 MB, and 150 that are read and refused; then the trail is read", run: refusals},
		{Name: "200 long pages are asked for at once", run: pages},
		{Name: "wrong secrets and tokens from 400 connections", run: logins},
	}
}

// atOnce does something n times at once.
func atOnce(n int, do func(i int)) {
	var group sync.WaitGroup
	for i := range n {
		group.Go(func() { do(i) })
	}
	group.Wait()
}

// ones is a body of a size with as many elements as there can be.
func ones(size int) []byte {
	const head, tail = `{"items":[`, `1]}`
	return []byte(head + strings.Repeat("1,", (size-len(head)-len(tail))/2) + tail)
}

// strangers is a replacement with so many addresses that are nobody's.
func strangers(n int) []byte {
	var b bytes.Buffer
	b.WriteString(`{"items":[`)
	for i := range n {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, `{"email":"stranger%06d@elsewhere.example","role_id":"none"}`, i)
	}
	b.WriteString(`]}`)
	return b.Bytes()
}

func strangersBodies(ctx context.Context, s *service) error {
	body := make([]byte, large)
	for _, path := range []string{"/v1/partners", "/livez", "/oauth/token", "/nothing"} {
		atOnce(400, func(int) { s.attack(ctx, http.MethodPost, path, "", body) })
	}
	return nil
}

func slowBodies(ctx context.Context, s *service) error {
	token, err := s.token(ctx, "--operator", "--role", "super-admin")
	atOnce(400, func(i int) {
		conn, err := new(net.Dialer).DialContext(ctx, "tcp", s.url.Host)
		if err != nil {
			return
		}
		defer conn.Close()
		head := "POST /v1/partners HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\nAuthorization: Bearer " + token + "\r\n\r\n"
		if i%2 == 0 {
			head = "POST /oauth/token HTTP/1.1\r\nHost: x\r\nContent-Length: 16000\r\nContent-Type: application/x-www-form-urlencoded\r\n\r\n"
		}
		if _, err := conn.Write([]byte(head)); err != nil {
			return
		}
		for range 20 {
			if _, err := conn.Write([]byte("x")); err != nil {
				return
			}
			time.Sleep(100 * time.Millisecond)
		}
	})
	return err
}

func streams(ctx context.Context, s *service) error {
	known, err := s.token(ctx, "--operator", "--role", "super-admin")
	if err != nil {
		return err
	}
	for _, token := range []string{"", known} {
		dialer := &tls.Dialer{Config: &tls.Config{InsecureSkipVerify: true, NextProtos: []string{"h2"}}}
		conn, err := dialer.DialContext(ctx, "tcp", s.url.Host)
		if err != nil {
			return err
		}
		streams, err := new(http2.Transport).NewClientConn(conn) //nolint:staticcheck // Only this opens streams one by one.
		if err != nil {
			return err
		}
		client := &http.Client{Transport: streams, Timeout: time.Minute}
		bodies := [][]byte{make([]byte, large), ones(1_000_000)}
		atOnce(240, func(i int) { s.attackWith(ctx, client, http.MethodPut, replacement, token, bodies[i%2]) })
		_ = conn.Close()
	}
	return nil
}

func lists(ctx context.Context, s *service) error {
	token, err := s.token(ctx, "--partner", "CMSP1", "--tenant", "CALPHA0", "--read-only")
	if err != nil {
		return err
	}
	for _, size := range []int{large, 1_000_000} {
		body := ones(size)
		atOnce(8, func(int) { s.attack(ctx, http.MethodPut, replacement, token, body) })
	}
	for status := range s.answers {
		if status < 400 || status > 499 {
			err = fmt.Errorf("an answer is %d", status)
		}
	}
	if s.largest > 2000 {
		err = errors.Join(err, fmt.Errorf("an answer has %d bytes", s.largest))
	}
	return err
}

func tooLarge(ctx context.Context, s *service) error {
	return s.replace(ctx, 1, 60_000, http.StatusRequestEntityTooLarge)
}

func refusals(ctx context.Context, s *service) error {
	err := errors.Join(
		s.replace(ctx, 150, 60_000, http.StatusRequestEntityTooLarge),
		s.replace(ctx, 75, 1000, http.StatusUnprocessableEntity),
		s.replace(ctx, 75, 2000, http.StatusUnprocessableEntity))
	token, failed := s.token(ctx, "--partner", "CMSP1")
	if status, size := s.send(ctx, s.attacker, http.MethodGet, "/v1/audit-events?tenant_id=CALPHA0", token, nil); status != http.StatusOK || size > large {
		err = errors.Join(err, failed, fmt.Errorf("the trail: %d with %d bytes", status, size))
	}
	return err
}

// replace sends n replacements with so many strangers' addresses at once, with a
// credential of their own, all of which are to have the status. Who sends on what
// is too large may lose the answer.
func (s *service) replace(ctx context.Context, n, addresses, want int) error {
	token, err := s.token(ctx, "--partner", "CMSP1")
	if err != nil {
		return err
	}
	body := strangers(addresses)
	got := make([]int, n)
	atOnce(n, func(i int) { got[i] = s.attack(ctx, http.MethodPut, replacement, token, body) })
	for _, status := range got {
		if status != want && (status != 0 || want != http.StatusRequestEntityTooLarge || n == 1) {
			return fmt.Errorf("a replacement with %d strangers' addresses: %d", addresses, status)
		}
	}
	return nil
}

func pages(ctx context.Context, s *service) error {
	token, err := s.token(ctx, "--partner", "CMSP1")
	atOnce(200, func(int) { s.attack(ctx, http.MethodGet, "/v1/external-admins?limit=1000", token, nil) })
	return err
}

func logins(ctx context.Context, s *service) error {
	atOnce(400, func(i int) {
		for range 20 {
			if i%2 == 0 {
				s.attack(ctx, http.MethodGet, "/v1/tenants", "mcdt_wrong", nil)
			} else {
				s.attack(ctx, http.MethodPost, "/oauth/token", "", []byte("grant_type=client_credentials&client_id=mcd_x&client_secret=wrong"))
			}
		}
	})
	_, err := s.token(ctx, "--partner", "CMSP1") // From the same address.
	return err
}
