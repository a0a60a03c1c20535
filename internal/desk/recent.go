package desk

import (
	"slices"
	"sync"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/worklist"
)

// maxRecent is how many items that were confirmed here can be taken back here.
const maxRecent = 100

// recent are the items that were confirmed at this desk last, the latest first.
type recent struct {
	mutex sync.Mutex
	items []doneItem
}

// doneItem is an item that was confirmed at this desk.
type doneItem struct{ worklist.Item }

// Said is what was done.
func (d doneItem) Said() string { return sentence(d.String()) }

func (r *recent) add(items []worklist.Item) {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	for i := range items {
		r.items = slices.Insert(r.items, 0, doneItem{items[i]})
	}
	r.items = r.items[:min(len(r.items), maxRecent)]
}

func (r *recent) remove(items []worklist.Item) {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	r.items = slices.DeleteFunc(r.items, func(d doneItem) bool {
		return slices.ContainsFunc(items, func(item worklist.Item) bool { return item.ID == d.ID })
	})
}

func (r *recent) list() []doneItem {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	return slices.Clone(r.items)
}
