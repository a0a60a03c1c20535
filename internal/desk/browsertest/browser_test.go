// Package browsertest uses the desk in a real Chromium, as people do.
package browsertest

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// patience is when something that should happen in the browser is taken never to happen.
const patience = time.Minute

// chromium is the one browser of all tests. Each tab has cookies of its own.
var chromium struct {
	once  sync.Once
	ctx   context.Context
	close []func()
	err   error
}

func TestMain(m *testing.M) {
	code := m.Run()
	for i := len(chromium.close) - 1; i >= 0; i-- {
		chromium.close[i]()
	}
	os.Exit(code)
}

// startChromium starts the browser. Of all hosts it knows this machine only, also as evil.example.
func startChromium() {
	path := ""
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if found, err := exec.LookPath(name); err == nil && path == "" {
			path = found
		}
	}
	if path == "" {
		chromium.err = fmt.Errorf("there is no Chromium on PATH")
		return
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.DisableGPU, chromedp.WSURLReadTimeout(patience),
		chromedp.Flag("host-resolver-rules", "MAP evil.example 127.0.0.1, EXCLUDE 127.0.0.1, EXCLUDE localhost, MAP * ~NOTFOUND"),
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true), chromedp.Flag("font-render-hinting", "none"),
	)
	ctx, stop := chromedp.NewExecAllocator(context.Background(), options...)
	chromium.close = append(chromium.close, stop)
	chromium.ctx, stop = chromedp.NewContext(ctx)
	chromium.close = append(chromium.close, stop)
	chromium.err = chromedp.Do(chromium.ctx)
}

// tab is a page in the browser, of somebody whom no other tab shares cookies with.
type tab struct {
	t   testing.TB
	ctx context.Context
	// own is where its requests may go.
	own []string

	mutex sync.Mutex
	// expected may go wrong, and problems have.
	expected, problems []string
}

// newTab opens an empty tab, 1280 wide. At the end of the test nothing may have
// gone wrong in it, and nothing may have been asked of any other host.
func newTab(t testing.TB, own ...string) *tab {
	t.Helper()
	chromium.once.Do(startChromium)
	if chromium.err != nil {
		if os.Getenv("MIMECAST_TEST_REQUIRE") != "" {
			t.Fatal(chromium.err)
		}
		t.Skip(chromium.err)
	}
	ctx, stop := chromedp.NewContext(chromium.ctx, chromedp.WithNewBrowserContext())
	t.Cleanup(stop)
	b := &tab{t: t, ctx: ctx, own: own}
	if err := errors.Join(chromedp.Do(ctx), chromedp.Listen(ctx, b.listen)); err != nil {
		t.Fatal(err)
	}
	call(b, network.Enable, network.EnableParams{})
	call(b, log.Enable, cdp.Empty{})
	call(b, emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{Width: 1280, Height: 800, DeviceScaleFactor: 1})
	t.Cleanup(func() {
		for _, problem := range b.taken() {
			t.Errorf("in the browser: %s", problem)
		}
	})
	return b
}

func (b *tab) listen(event any) {
	switch e := event.(type) {
	case *network.EventRequestWillBeSent:
		if asked, err := url.Parse(e.Request.URL); err != nil || asked.Scheme != "data" && !slices.Contains(b.own, asked.Host) {
			b.problem("it asks for " + e.Request.URL)
		}
	case *runtime.EventExceptionThrown:
		b.problem(thrown(e.ExceptionDetails))
	case *runtime.EventConsoleAPICalled:
		if e.Type == runtime.ConsoleAPICalledTypeError || e.Type == runtime.ConsoleAPICalledTypeWarning || e.Type == runtime.ConsoleAPICalledTypeAssert {
			b.problem(fmt.Sprintf("console: %s", e.Args[0].Value))
		}
	case *log.EventEntryAdded:
		if e.Entry.Level == log.EntryLevelError || e.Entry.Level == log.EntryLevelWarning {
			b.problem(fmt.Sprintf("%s: %s %s", e.Entry.Source, e.Entry.Text, e.Entry.URL))
		}
	case *page.EventJavascriptDialogOpening:
		b.problem("a dialog: " + e.Message)
		go func() {
			_, _ = chromedp.Call(b.ctx, page.HandleJavaScriptDialog, page.HandleJavaScriptDialogParams{})
		}()
	}
}

func (b *tab) problem(text string) {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	for _, expected := range b.expected {
		if strings.Contains(text, expected) {
			return
		}
	}
	b.problems = append(b.problems, text)
}

// expect lets anything go wrong that has one of the texts.
func (b *tab) expect(texts ...string) {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	b.expected = texts
}

// taken returns what went wrong since it was asked last.
func (b *tab) taken() []string {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	all := b.problems
	b.problems = nil
	return all
}

// expectProblem is for what must go wrong: something that has the text, and nothing else.
func (b *tab) expectProblem(text string) {
	b.t.Helper()
	b.eventually("something goes wrong: "+text, func() bool {
		b.mutex.Lock()
		defer b.mutex.Unlock()
		return len(b.problems) > 0
	})
	for _, problem := range b.taken() {
		if !strings.Contains(problem, text) {
			b.t.Errorf("in the browser: %s, want %q", problem, text)
		}
	}
}

func (b *tab) do(actions ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	run(b, chromedp.Steps(actions...))
}

func run[T any](b *tab, action chromedp.Action[T]) T {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	is, err := chromedp.Run(ctx, action)
	if err != nil {
		b.t.Fatal(err)
	}
	return is
}

// call gives the browser a command of its protocol.
func call[P, R any](b *tab, command cdp.Command[P, R], params P) R {
	b.t.Helper()
	return run(b, func(ctx context.Context, t *chromedp.Target) (R, error) { return cdp.Call(ctx, t, command, params) })
}

func (b *tab) open(address string) {
	b.t.Helper()
	b.do(chromedp.Navigate(address))
}

// value is what an expression of JavaScript is in the tab.
func value[T any](b *tab, expression string) T {
	b.t.Helper()
	return run(b, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
}

// wait waits until an expression is true in the tab.
func (b *tab) wait(expression string) {
	b.t.Helper()
	b.eventually(expression, func() bool {
		is, err := chromedp.Run(b.ctx, chromedp.Evaluate[bool]("!!("+expression+")"))
		return err == nil && is // While it goes to another page there is none to ask.
	})
}

func (b *tab) eventually(what string, is func() bool) {
	b.t.Helper()
	for end := time.Now().Add(patience); !is(); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(end) {
			b.t.Fatalf("it does not become so: %s\n%s", what, value[string](b, "document.body.innerText"))
		}
	}
}

// click clicks the first element that the selector finds.
func (b *tab) click(selector string) {
	b.t.Helper()
	b.do(chromedp.Click(chromedp.CSS(selector), chromedp.NodeVisible))
}

func (b *tab) text(selector string) string {
	b.t.Helper()
	return value[string](b, fmt.Sprintf("document.querySelector(%q).innerText", selector))
}

func (b *tab) count(selector string) int {
	b.t.Helper()
	return value[int](b, fmt.Sprintf("document.querySelectorAll(%q).length", selector))
}

// in lets the tab look as for somebody who prefers light or dark, or prints.
func (b *tab) in(scheme string) {
	b.t.Helper()
	call(b, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}})
}

func thrown(details *runtime.ExceptionDetails) string {
	if details.Exception != nil {
		return details.Text + " " + details.Exception.Description
	}
	return details.Text
}
