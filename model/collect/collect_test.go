package collect_test

import (
	"fmt"
	"slices"
	"testing"

	"planewise/model/collect"
)

func TestProgressIsTold(t *testing.T) {
	var got []string
	p := collect.Progress(func(answer string, objects int) { got = append(got, fmt.Sprint(answer, " ", objects)) })
	p.Say("kube/pods", 500)
	p.Say("kube/pods", 700)
	if want := []string{"kube/pods 500", "kube/pods 700"}; !slices.Equal(got, want) {
		t.Errorf("told %q, want %q", got, want)
	}
	collect.Progress(nil).Say("kube/pods", 1) // nobody to tell
}
