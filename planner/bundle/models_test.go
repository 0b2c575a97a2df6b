//go:build solvers

package bundle_test

import (
	"fmt"
	"strings"

	"planewise/planner/bundle"
)

// order pairs of a problem, ranks included: a is in no later bundle than b.
func orderPairs(p bundle.Problem) [][2]int {
	out := append([][2]int{}, p.Before...)
	next := map[int]int{} // rank -> next rank in use
	for _, a := range p.Nodes {
		for _, b := range p.Nodes {
			if n, ok := next[a.Rank]; b.Rank > a.Rank && (!ok || b.Rank < n) {
				next[a.Rank] = b.Rank
			}
		}
	}
	for v, a := range p.Nodes {
		for w, b := range p.Nodes {
			if n, ok := next[a.Rank]; ok && b.Rank == n {
				out = append(out, [2]int{v, w})
			}
		}
	}
	return out
}

// lp is the problem in CPLEX LP format: x[v,k] puts node v into bundle k; u[k] is
// used, a[p,k] touched and d[p,k] disturbed; w and r are the products of x with
// a and d.
func lp(p bundle.Problem) string {
	var obj, cons, bins strings.Builder
	K := most(p)
	term := func(c int64, name string) {
		if c != 0 {
			fmt.Fprintf(&obj, " + %d %s\n", c, name)
		}
	}
	for k := range K {
		term(p.Sitting, fmt.Sprintf("u_%d", k))
		fmt.Fprintf(&bins, " u_%d\n", k)
		if k > 0 {
			fmt.Fprintf(&cons, " u_%d - u_%d >= 0\n", k-1, k)
		}
		sum := ""
		for v := range p.Nodes {
			fmt.Fprintf(&bins, " x_%d_%d\n", v, k)
			fmt.Fprintf(&cons, " u_%d - x_%d_%d >= 0\n", k, v, k)
			sum += fmt.Sprintf(" + x_%d_%d", v, k)
		}
		fmt.Fprintf(&cons, "%s - u_%d >= 0\n", sum, k) // no bundle is used and empty
		for i := range p.Fixed {
			term(p.Fixed[i], fmt.Sprintf("d_%d_%d", i, k))
			fmt.Fprintf(&bins, " a_%d_%d\n d_%d_%d\n", i, k, i, k)
			for v, n := range p.Nodes {
				if n.Foot[i] >= 1 {
					fmt.Fprintf(&cons, " a_%d_%d - x_%d_%d >= 0\n", i, k, v, k)
				}
				if n.Foot[i] == 2 {
					fmt.Fprintf(&cons, " d_%d_%d - x_%d_%d >= 0\n", i, k, v, k)
				}
				term(p.Watch[i]*n.Work, fmt.Sprintf("w_%d_%d_%d", v, i, k))
				term((p.Rate[i]-p.Watch[i])*n.Work, fmt.Sprintf("r_%d_%d_%d", v, i, k))
				fmt.Fprintf(&cons, " w_%d_%d_%d - x_%d_%d - a_%d_%d >= -1\n", v, i, k, v, k, i, k)
				fmt.Fprintf(&cons, " r_%d_%d_%d - x_%d_%d - d_%d_%d >= -1\n", v, i, k, v, k, i, k)
			}
		}
	}
	for v, n := range p.Nodes {
		fmt.Fprintf(&cons, "%s = 1\n", upTo(v, K, ""))
		if n.Pin > 0 && n.Pin <= K {
			fmt.Fprintf(&cons, " x_%d_%d = 1\n", v, n.Pin-1)
		}
	}
	for k := range K {
		for _, e := range orderPairs(p) {
			fmt.Fprintf(&cons, "%s%s >= 0\n", upTo(e[0], k+1, ""), upTo(e[1], k+1, "-"))
		}
		for _, e := range p.Soak {
			fmt.Fprintf(&cons, "%s%s >= 0\n", upTo(e[0], k, ""), upTo(e[1], k+1, "-"))
		}
		for _, e := range p.With {
			fmt.Fprintf(&cons, " x_%d_%d - x_%d_%d = 0\n", e[0], k, e[1], k)
		}
		for _, e := range p.Apart {
			fmt.Fprintf(&cons, " x_%d_%d + x_%d_%d <= 1\n", e[0], k, e[1], k)
		}
	}
	return "Minimize\n obj:\n" + obj.String() + "Subject To\n" + cons.String() + "Binaries\n" + bins.String() + "End\n"
}

// upTo sums x over the first k bundles.
func upTo(v, k int, sign string) string {
	if sign == "" {
		sign = "+"
	}
	var b strings.Builder
	for i := range k {
		fmt.Fprintf(&b, " %s x_%d_%d", sign, v, i)
	}
	return b.String()
}

// mzn is the problem as a MiniZinc model: b[v] is the bundle of node v.
func mzn(p bundle.Problem) string {
	K, n, planes := most(p), len(p.Nodes), len(p.Fixed)
	var s strings.Builder
	list := func(name string, values []int64) {
		fmt.Fprintf(&s, "array[int] of int: %s = %s;\n", name, array(values))
	}
	fmt.Fprintf(&s, "int: n = %d; int: K = %d; int: P = %d; int: sitting = %d;\n", n, K, planes, p.Sitting)
	list("fixed", p.Fixed)
	list("rate", p.Rate)
	list("watch", p.Watch)
	var work, foot []int64
	for _, node := range p.Nodes {
		work = append(work, node.Work)
		for _, level := range node.Foot {
			foot = append(foot, int64(level))
		}
	}
	list("work", work)
	fmt.Fprintf(&s, "array[1..n,1..P] of int: foot = array2d(1..n,1..P,%s);\n", array(foot))
	s.WriteString(`array[1..n] of var 1..K: b;
var 1..K: m;
constraint m = max(b);
constraint forall(k in 1..K)(k <= m -> exists(v in 1..n)(b[v] = k));
array[1..K] of var 0..sum(work): load;
constraint forall(k in 1..K)(load[k] = sum(v in 1..n)(bool2int(b[v] = k) * work[v]));
array[1..K,1..P] of var 0..2: level;
constraint forall(k in 1..K, p in 1..P)(level[k,p] = max([0] ++ [bool2int(b[v] = k) * foot[v,p] | v in 1..n where foot[v,p] > 0]));
array[1..K,1..P] of var int: per;
constraint forall(k in 1..K, p in 1..P)(per[k,p] = [0, watch[p], rate[p]][level[k,p] + 1]);
var int: cost;
constraint cost = m * sitting + sum(k in 1..K, p in 1..P)(bool2int(level[k,p] = 2) * fixed[p] + per[k,p] * load[k]);
`)
	// What every split pays helps the solver as a bound.
	fmt.Fprintf(&s, "constraint cost >= %d;\n", bundle.Ideal(p))
	for _, rule := range []struct {
		pairs [][2]int
		op    string
	}{{orderPairs(p), "<="}, {p.With, "="}, {p.Apart, "!="}, {p.Soak, "<"}} {
		for _, e := range rule.pairs {
			fmt.Fprintf(&s, "constraint b[%d] %s b[%d];\n", e[0]+1, rule.op, e[1]+1)
		}
	}
	for v, node := range p.Nodes {
		if node.Pin > 0 {
			fmt.Fprintf(&s, "constraint b[%d] = %d;\n", v+1, node.Pin)
		}
	}
	s.WriteString("solve :: int_search(b, first_fail, indomain_min) minimize cost;\noutput [\"cost = \\(cost);\\n\"];\n")
	return s.String()
}

func array(values []int64) string {
	text := make([]string, len(values))
	for i, v := range values {
		text[i] = fmt.Sprint(v)
	}
	return "[" + strings.Join(text, ",") + "]"
}
