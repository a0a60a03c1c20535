package httpclient_test

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/credential"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory/httpclient"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory/wire"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
)

// TestNoRedirectIsFollowed: neither the secret nor a token nor a write goes
// where a redirect points, whatever its status, be it from the token endpoint or
// from any other, and though it looks like the service's.
func TestNoRedirectIsFollowed(t *testing.T) {
	t.Parallel()
	s := newService(t, "")
	for _, status := range []int{301, 302, 303, 307, 308} {
		for _, from := range []string{"/oauth/token", "/v1/"} {
			t.Run(strconv.Itoa(status)+from, func(t *testing.T) {
				t.Parallel()
				var mu sync.Mutex
				var got []string
				thief := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					body, _ := io.ReadAll(r.Body)
					mu.Lock()
					defer mu.Unlock()
					got = append(got, r.URL.Path+" "+r.Header.Get("Authorization")+" "+string(body))
					s.http.Config.Handler.ServeHTTP(w, r)
				}))
				t.Cleanup(thief.Close)
				front := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					if !strings.HasPrefix(r.URL.Path, from) {
						s.http.Config.Handler.ServeHTTP(w, r)
						return
					}
					w.Header().Set(wire.VersionHeader, strconv.Itoa(wire.APIVersion))
					w.Header().Set("Location", thief.URL+r.URL.Path)
					w.WriteHeader(status)
				}))
				t.Cleanup(front.Close)
				client := s.client(front.URL, credential.Credential{Name: "x", RoleID: rolemodel.SuperAdmin})
				_, err := directory.Create(t.Context(), client, rolemodel.Partner{Name: "MSP", Program: rolemodel.ProgramMSP, Domains: []rolemodel.Domain{"msp.example"}}, "")
				var setting *httpclient.SettingError
				if !errors.As(err, &setting) || setting.Setting != httpclient.SettingURL || !strings.Contains(err.Error(), "redirects to "+thief.URL) {
					t.Error(err)
				}
				_, err = client.Tenant(t.Context(), "CT1")
				if !errors.As(err, &setting) {
					t.Error(err)
				}
				mu.Lock()
				defer mu.Unlock()
				if len(got) > 0 {
					t.Errorf("where the redirect points came: %q", got)
				}
			})
		}
	}
}

// TestAnswersOfOthers: an answer without the service's mark, or of an older
// service, is no answer.
func TestAnswersOfOthers(t *testing.T) {
	t.Parallel()
	s := newService(t, "")
	for name, version := range map[string]string{"none": "", "older": "1", "nonsense": "x"} {
		front := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			answer := httptest.NewRecorder()
			s.http.Config.Handler.ServeHTTP(answer, r)
			w.Header().Set("Content-Type", answer.Header().Get("Content-Type"))
			if version != "" {
				w.Header().Set(wire.VersionHeader, version)
			}
			w.WriteHeader(answer.Code)
			_, _ = w.Write(answer.Body.Bytes())
		}))
		t.Cleanup(front.Close)
		c, secret, err := s.keeper.Create(t.Context(), operator(), credential.Credential{Name: "x", RoleID: rolemodel.SuperAdmin})
		if err != nil {
			t.Fatal(err)
		}
		client, err := httpclient.New(httpclient.Config{URL: front.URL, ClientID: c.ID, ClientSecret: secret, RetryWait: time.Millisecond})
		if err != nil {
			t.Fatal(err)
		}
		_, err = client.Identity(t.Context())
		var setting *httpclient.SettingError
		if !errors.As(err, &setting) || setting.Setting != httpclient.SettingURL {
			t.Errorf("%s: %v", name, err)
		}
	}
}
