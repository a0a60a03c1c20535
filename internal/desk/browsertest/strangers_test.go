package browsertest

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/desk"
)

// TestKeys: who has no key, or one that was used, sees nothing, and each key opens for one browser.
func TestKeys(t *testing.T) {
	s := show(t, month(t).as("kim@northwind-it.example"), desk.Options{})
	link := s.url(s.Entry())
	refused := func(address, says string) {
		t.Helper()
		b := newTab(t, s.host)
		b.expect("favicon.ico")
		b.open(address)
		b.wait(fmt.Sprintf("document.body.innerText.includes(%q)", says))
		if text := b.text("html"); strings.Contains(text, "Alder") || strings.Contains(text, "kim@") {
			t.Errorf("a stranger sees %q", text)
		}
		b.expectProblem("Failed to load resource")
	}
	refused(s.url("/"), "This page opens with a link")
	refused(s.url("/enter?key=guess"), "This link was used before")
	b := newTab(t, s.host)
	b.open(link)
	b.wait(`document.querySelector("main[data-view=worklist]")`)
	if at := value[string](b, "location.href + document.cookie"); at != s.url("/") {
		t.Errorf("the key or the cookie can be read: %s", at)
	}
	refused(link, "This link was used before")
	b.open(s.url("/access"))
	b.wait(`document.querySelector("main[data-view=access]")`)
}

// attacks are what a page of another site tries, with an item to confirm: a form,
// and a request by script with and without the browser's asking first.
const attacks = `<!DOCTYPE html><title>evil</title><form method="post" action="%[1]s/confirm" target="frame"><input name="item" value="%[2]s"></form><iframe name="frame"></iframe>
<script>
const body = () => new URLSearchParams({ item: "%[2]s" });
const tries = [
	fetch("%[1]s/confirm", { method: "POST", body: body(), mode: "no-cors", credentials: "include" }),
	fetch("%[1]s/confirm", { method: "POST", body: body(), credentials: "include", headers: { Accept: "application/json" } }).then((r) => r.text()).then((text) => { window.read = text; }),
	fetch("%[1]s/access", { credentials: "include" }).then((r) => r.text()).then((text) => { window.read = text; }),
	new Promise((loaded) => { document.querySelector("iframe").addEventListener("load", loaded); document.forms[0].submit(); }),
];
Promise.allSettled(tries).then(() => { document.title = "done"; });
</script>`

// TestOtherSites: with the desk open in the same browser, neither another site
// nor another port of this machine confirms anything, reads anything or shows the desk in a frame.
func TestOtherSites(t *testing.T) {
	w := month(t)
	s := show(t, w.as("kim@northwind-it.example"), desk.Options{})
	one := w.list().Items[0].ID
	evil := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		_, _ = fmt.Fprintf(w, attacks, s.url(""), one)
	}))
	t.Cleanup(evil.Close)
	at, err := url.Parse(evil.URL)
	if err != nil {
		t.Fatal(err)
	}
	for _, host := range []string{at.Host, "evil.example:" + at.Port(), "localhost:" + at.Port()} {
		b := s.enter(host)
		b.open("http://" + host + "/")
		b.wait(`document.title === "done"`)
		if read := value[string](b, `window.read ?? ""`); read != "" {
			t.Errorf("%s reads %q", host, read)
		}
		if shown := value[bool](b, `(() => { try { return document.querySelector("iframe").contentDocument.body.innerText.includes("Alder") } catch { return false } })()`); shown {
			t.Errorf("%s shows the desk in a frame", host)
		}
		if !w.due(one) {
			t.Fatalf("%s has confirmed an item", host)
		}
		if len(b.taken()) == 0 {
			t.Errorf("nothing was refused to %s", host)
		}
		b.expect("")       // What was refused may be said late.
		b.open(s.url("/")) // It goes on working for whom it is for.
		b.wait(fmt.Sprintf("document.querySelector('%s')", rowOf(one)))
	}
}

// TestRebinding: under another name that leads to this machine there is no desk, even with a good key.
func TestRebinding(t *testing.T) {
	s := show(t, month(t).as("kim@northwind-it.example"), desk.Options{})
	_, port, _ := strings.Cut(s.host, ":")
	b := newTab(t, s.host, "evil.example:"+port)
	b.expect("favicon.ico", "Cross-Origin-Opener-Policy header has been ignored")
	for _, path := range []string{"/", s.Entry()} {
		b.open("http://evil.example:" + port + path)
		b.wait(`document.body.innerText.includes("The desk answers at 127.0.0.1 only")`)
		b.expectProblem("421")
	}
}
