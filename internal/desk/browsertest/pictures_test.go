package browsertest

import (
	"bytes"
	"image/png"
	"os"
	"path/filepath"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/desk"
)

// tallest is how high a picture is at most: what a README can bear.
const tallest = 960

// TestPictures makes the pictures of the README and the guides from the quick
// start's data, a month later. "make pictures" sets MIMECAST_PICTURES to the
// folder to write them into; otherwise they are made only.
func TestPictures(t *testing.T) {
	folder := os.Getenv("MIMECAST_PICTURES")
	s := show(t, month(t).as("kim@northwind-it.example"), desk.Options{Where: "msp.directory", Who: "kim@northwind-it.example"})
	b := s.enter()
	for _, view := range views {
		for _, scheme := range []string{"light", "dark"} {
			b.in(scheme)
			size(b, 1280, 600)
			b.open(s.url(view.path))
			b.wait(`document.fonts.status === "loaded" && document.querySelector("main[data-view=` + view.name + `]").innerText.includes("` + view.says + `")`)
			size(b, 1280, min(tallest, value[int64](b, "document.documentElement.scrollHeight")))
			picture := run(b, chromedp.CaptureScreenshot())
			made, err := png.Decode(bytes.NewReader(picture))
			if err != nil || made.Bounds().Dx() != 1280 {
				t.Fatalf("%s, %s: %v", view.name, scheme, err)
			}
			if folder != "" {
				if err := os.WriteFile(filepath.Join(folder, view.name+"-"+scheme+".png"), picture, 0o644); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
}

func size(b *tab, width, height int64) {
	b.t.Helper()
	call(b, emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{Width: width, Height: height, DeviceScaleFactor: 1})
}
