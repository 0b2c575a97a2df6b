package main

import (
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

var errEnough = errors.New("enough")

// cuts traces one writer, and looks at what n power cuts at random moments leave.
func cuts(s settings) error {
	dir, err := os.MkdirTemp("", "crashtest-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	path, log := filepath.Join(dir, "a", "b", "store.db"), filepath.Join(dir, "log")
	out, err := exec.Command("strace", "-f", "-xx", "-s", "100000000", "-e", "trace="+traced, "-e", "signal=none", "-o", log,
		os.Args[0], "writer", "-store", path, "-writer", "w", "-ops", fmt.Sprint(s.ops), "-seed", strconv.FormatUint(s.seed, 10)).CombinedOutput()
	if err != nil {
		return fmt.Errorf("trace a writer: %w: %s", err, out)
	}
	total := 0
	if err := replay(log, func(call) error { total++; return nil }); err != nil {
		return err
	}
	rnd := rand.New(rand.NewPCG(s.seed, 2))
	at := make([]int, s.n)
	for i := range at {
		at[i] = rnd.IntN(total) + 1
	}
	slices.Sort(at)
	return replayed(s, path, log, at, rnd)
}

func replay(log string, fn func(call) error) error {
	in, err := os.Open(log)
	if err != nil {
		return err
	}
	defer in.Close()
	return eachCall(in, fn)
}

// replayed cuts the power after each of the numbers of calls.
func replayed(s settings, path, log string, at []int, rnd *rand.Rand) error {
	d, l := newDisk(), ledger{}
	calls, acknowledged, lost, broken := 0, 0, 0, 0
	err := replay(log, func(c call) error {
		calls++
		if c.name == "write" && len(c.args) > 1 && fd(c) == 1 {
			l.note(c.args[1])
			if strings.HasPrefix(c.args[1], "ok") {
				acknowledged++
			}
		} else if err := d.apply(c, s.deaf); err != nil {
			return err
		}
		for ; len(at) > 0 && at[0] == calls; at = at[1:] {
			n, err := afterCut(d, l, path, rnd)
			if err != nil {
				broken++
				fmt.Printf("after call %d: %v\n", calls, err)
			}
			lost += n
		}
		if len(at) == 0 {
			return errEnough
		}
		return nil
	})
	if err != nil && !errors.Is(err, errEnough) && !errors.Is(err, io.EOF) {
		return err
	}
	fmt.Printf("%d power cuts in %d calls, up to %d changes acknowledged: %d stores broken, %d documents lost\n", s.n, calls, acknowledged, broken, lost)
	if lost+broken > 0 && !s.deaf {
		return errors.New("the store does not stand it")
	}
	return nil
}

// afterCut counts the documents that are lost in what one cut leaves. The store has to
// open, to be sound, and to take another document.
func afterCut(d *disk, l ledger, path string, rnd *rand.Rand) (int, error) {
	root, err := os.MkdirTemp("", "crashtest-cut-")
	if err != nil {
		return 0, err
	}
	defer os.RemoveAll(root)
	if err := d.cut(root, rnd); err != nil {
		return 0, err
	}
	copied := ledger{}
	for name, e := range l {
		copied[name] = &entry{e.acknowledged, e.tried}
	}
	left := filepath.Join(root, path)
	lost, err := copied.compare(left, "")
	if err == nil {
		err = write(settings{store: left, only: "after", ops: 1, seed: 7}, io.Discard)
	}
	if err == nil {
		err = sound(left)
	}
	for _, text := range lost {
		fmt.Println("lost:", text)
	}
	return len(lost), err
}
