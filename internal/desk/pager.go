package desk

import (
	"net/url"
	"strconv"
)

// pager is which page of a list is shown.
type pager struct {
	path, query string
	Page, Pages int
}

// newPager shows the page that is wanted, or the nearest there is.
func newPager(path, wanted string, pages int, query string) pager {
	page, _ := strconv.Atoi(wanted)
	return pager{path: path, query: query, Page: max(1, min(page, pages)), Pages: pages}
}

// Previous is the address of the page before, "" on the first one.
func (p pager) Previous() string { return p.at(p.Page - 1) }

// Next is the address of the page after, "" on the last one.
func (p pager) Next() string { return p.at(p.Page + 1) }

func (p pager) at(page int) string {
	if page < 1 || page > p.Pages {
		return ""
	}
	values := url.Values{"page": {strconv.Itoa(page)}}
	if p.query != "" {
		values.Set("q", p.query)
	}
	return p.path + "?" + values.Encode()
}
