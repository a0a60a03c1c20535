package browsertest

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
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
	w := month(t)
	s := show(t, w.as("kim@northwind-it.example"), desk.Options{Where: "msp.directory", Who: "kim@northwind-it.example"})
	b := s.enter()
	for _, view := range views {
		for _, scheme := range []string{"light", "dark"} {
			b.in(scheme)
			size(b, 1280, 600)
			b.open(s.url(view.path))
			b.wait(`document.querySelector("main[data-view=` + view.name + `]").innerText.includes("` + view.says + `")`)
			b.picture(view.name + "-" + scheme)
		}
	}
	b = w.reviewFile()
	for _, scheme := range []string{"light", "dark"} {
		b.in(scheme)
		b.picture("review-" + scheme)
	}
}

// picture makes a picture of what is in the tab.
func (b *tab) picture(name string) {
	b.t.Helper()
	size(b, 1280, 600)
	b.wait(`document.fonts.status === "loaded"`)
	size(b, 1280, min(tallest, value[int64](b, "document.documentElement.scrollHeight")))
	made, err := png.Decode(bytes.NewReader(run(b, chromedp.CaptureScreenshot())))
	if err != nil || made.Bounds().Dx() != 1280 {
		b.t.Fatalf("%s: %v", name, err)
	}
	if folder := os.Getenv("MIMECAST_PICTURES"); folder != "" {
		write(b.t, filepath.Join(folder, name+".png"), small(made))
	}
	if _, err := os.Stat(filepath.Join("../../../docs/design/pictures", name+".png")); err != nil {
		b.t.Errorf("%v: run make pictures", err)
	}
}

func size(b *tab, width, height int64) {
	b.t.Helper()
	call(b, emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{Width: width, Height: height, DeviceScaleFactor: 1})
}

// small is the picture in its 256 most frequent colours: a third of the bytes,
// and people see no difference in a page of text.
func small(picture image.Image) *image.Paletted {
	bounds := picture.Bounds()
	often := map[color.Color]int{}
	for y := range bounds.Dy() {
		for x := range bounds.Dx() {
			often[picture.At(x, y)]++
		}
	}
	colours := slices.SortedFunc(maps.Keys(often), func(a, b color.Color) int {
		return cmp.Or(cmp.Compare(often[b], often[a]), strings.Compare(fmt.Sprint(a), fmt.Sprint(b)))
	})
	paletted := image.NewPaletted(bounds, colours[:min(len(colours), 256)])
	nearest := map[color.Color]uint8{}
	for _, colour := range colours {
		nearest[colour] = uint8(paletted.Palette.Index(colour))
	}
	for y := range bounds.Dy() {
		for x := range bounds.Dx() {
			paletted.SetColorIndex(x, y, nearest[picture.At(x, y)])
		}
	}
	return paletted
}

func write(t testing.TB, path string, picture image.Image) {
	t.Helper()
	var file bytes.Buffer
	if err := errors.Join((&png.Encoder{CompressionLevel: png.BestCompression}).Encode(&file, picture), os.WriteFile(path, file.Bytes(), 0o644)); err != nil {
		t.Fatal(err)
	}
}
