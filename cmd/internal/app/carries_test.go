package app

import (
	"bytes"
	"context"
	"slices"
	"strings"
	"testing"

	"planewise/model/document"
	"planewise/planner/inputs"
)

// A plan carries the procedures that it may follow and no others, each document in the
// form that its digest is of.
func TestWhatAPlanCarries(t *testing.T) {
	a := testApp(t)
	for _, c := range []struct{ from, to, procedures string }{
		{"csm-1.5.0", "csm-1.5.2", "csm-1.5/patch"},
		{"csm-1.5.2+uan-2.6.0", "csm-1.6.0-rc.3+uan-2.7.0", "csm-1.6/iuf csm-1.6/manual uan/any"},
		{"csm-1.4.0", "csm-1.6.0-rc.3", "csm-1.2/patch csm-1.3/patch csm-1.3/manual csm-1.4/patch csm-1.4/manual csm-1.5/patch csm-1.5/manual csm-1.6/iuf csm-1.6/manual"},
	} {
		made, err := a.Plan(context.Background(), Request{From: c.from, To: c.to, System: "demo", Policy: "jobs-first"})
		if err != nil {
			t.Fatal(err)
		}
		text, err := made.Encode()
		if err != nil {
			t.Fatal(err)
		}
		p, said, err := document.DecodePlan("plan.json", text)
		if err != nil || len(said) > 0 || p.ID != made.Plan().ID {
			t.Errorf("%s to %s: the plan cannot be read back: %v, %v", c.from, c.to, said, err)
		}
		var procedures []string
		for _, in := range made.Plan().Inputs {
			if in.Kind == inputs.Procedure {
				procedures = append(procedures, in.Name)
			}
			if canonical, err := document.Recode(in.Kind, in.Name, in.Content); err != nil || !bytes.Equal(canonical, in.Content) || document.DigestBytes(canonical) != in.Digest {
				t.Errorf("%s to %s: %s %s is not carried in its canonical form: %v", c.from, c.to, in.Kind, in.Name, err)
			}
		}
		want := strings.Fields(c.procedures)
		slices.Sort(want)
		if slices.Sort(procedures); !slices.Equal(procedures, want) {
			t.Errorf("%s to %s: the plan carries %v, want %v", c.from, c.to, procedures, want)
		}
	}
}

// The forms in which documents were read make the plan that is made without them, also
// where a part of the input is no longer what was read.
func TestReadFormsMakeNoDifference(t *testing.T) {
	a := testApp(t)
	lib, err := a.open()
	if err != nil {
		t.Fatal(err)
	}
	s := newShelf(a, lib)
	in, err := s.gather(context.Background(), Request{From: "csm-1.5.0", To: "csm-1.5.2", System: "demo", Policy: "jobs-first"})
	if err != nil {
		t.Fatal(err)
	}
	if n := len(s.lib.read); n < 6 {
		t.Errorf("%d documents were read", n)
	}
	check := func(what string) {
		t.Helper()
		got, err := inputs.Sealed(in, s.lib.read)
		if err != nil {
			t.Fatal(err)
		}
		want, err := inputs.Sealed(in, nil)
		if err != nil {
			t.Fatal(err)
		}
		x, _ := got.Encode()
		y, _ := want.Encode()
		if len(x) == 0 || !bytes.Equal(x, y) {
			t.Errorf("%s: the plan is another one", what)
		}
	}
	check("as read")
	in.Policy.Percentile = 50
	in.System.Nodes = slices.Clone(in.System.Nodes)
	in.System.Nodes[0].Count++
	in.To = slices.Clone(in.To)
	in.To[0].Date = "2024-06-26"
	check("changed")
}
