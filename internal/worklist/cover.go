package worklist

// minimumCover returns, for a bipartite graph, which left and which right nodes
// are in a minimum vertex cover: as few nodes as can be, such that each edge has
// one of them. Of all that are so small it is the one with the most left nodes,
// so that the order of nodes and edges makes no difference. edges are the right
// nodes that each left node has an edge to.
func minimumCover(edges [][]int, right int) (inLeft, inRight []bool) {
	matched := match(edges, right)
	// König: what can be reached from left nodes without a partner, alternately by
	// any edge and back by one of the matching.
	reachedLeft, reachedRight := make([]bool, len(edges)), make([]bool, right)
	queue := unmatched(matched, len(edges))
	for _, l := range queue {
		reachedLeft[l] = true
	}
	for len(queue) > 0 {
		l := queue[0]
		queue = queue[1:]
		for _, r := range edges[l] {
			if reachedRight[r] {
				continue
			}
			reachedRight[r] = true
			if back := matched[r]; !reachedLeft[back] { // Without a partner r would end a longer matching.
				reachedLeft[back] = true
				queue = append(queue, back)
			}
		}
	}
	for l := range reachedLeft {
		reachedLeft[l] = !reachedLeft[l]
	}
	return reachedLeft, reachedRight
}

// unmatched returns the left nodes that are no right node's partner.
func unmatched(matched []int, left int) []int {
	has := make([]bool, left)
	for _, l := range matched {
		if l >= 0 {
			has[l] = true
		}
	}
	var free []int
	for l := range has {
		if !has[l] {
			free = append(free, l)
		}
	}
	return free
}

// match returns the left partner of each right node in a maximum matching, -1
// for none, by Hopcroft and Karp's algorithm.
func match(edges [][]int, right int) []int {
	m := matching{edges: edges, left: filled(len(edges)), right: filled(right), level: make([]int, len(edges))}
	for m.layer() {
		for l := range m.left {
			if m.left[l] < 0 {
				m.extend(l)
			}
		}
	}
	return m.right
}

func filled(n int) []int {
	none := make([]int, n)
	for i := range none {
		none[i] = -1
	}
	return none
}

type matching struct {
	edges       [][]int
	left, right []int // partners
	level       []int // of left nodes, in alternating paths from those without a partner
}

// layer gives the left nodes their levels and says whether an alternating path ends at a right node without a partner.
func (m *matching) layer() bool {
	var queue []int
	for l := range m.left {
		if m.level[l] = -1; m.left[l] < 0 {
			m.level[l] = 0
			queue = append(queue, l)
		}
	}
	found := false
	for len(queue) > 0 {
		l := queue[0]
		queue = queue[1:]
		for _, r := range m.edges[l] {
			switch back := m.right[r]; {
			case back < 0:
				found = true
			case m.level[back] < 0:
				m.level[back] = m.level[l] + 1
				queue = append(queue, back)
			}
		}
	}
	return found
}

// extend makes the matching longer by a path from l along the levels, if there is one.
func (m *matching) extend(l int) bool {
	for _, r := range m.edges[l] {
		back := m.right[r]
		if back < 0 || m.level[back] == m.level[l]+1 && m.extend(back) {
			m.left[l], m.right[r] = r, l
			return true
		}
	}
	m.level[l] = -1
	return false
}
