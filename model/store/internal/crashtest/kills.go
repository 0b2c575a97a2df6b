package main

import (
	"bufio"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"time"
)

// victim is a writer that runs, with what it said.
type victim struct {
	cmd  *exec.Cmd
	said chan []string
}

// kills ends one writer after the other, and looks after each whether its documents
// are there; now and then it checks the whole store.
func kills(s settings) error {
	dir, err := os.MkdirTemp("", "crashtest-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "new", "store.db")
	rnd := rand.New(rand.NewPCG(s.seed, 1))
	victims := make([]*victim, s.writers)
	for i := range victims {
		if victims[i], err = start(path, i, rnd.Uint64()); err != nil {
			return err
		}
	}
	l, acknowledged := ledger{}, 0
	for k := range s.n {
		i := rnd.IntN(s.writers)
		time.Sleep(time.Duration(rnd.IntN(40)) * time.Millisecond)
		lines, err := victims[i].kill()
		if err != nil {
			return err
		}
		for _, line := range lines {
			l.note(line)
			if line[0] == 'o' {
				acknowledged++
			}
		}
		lost, err := l.compare(path, fmt.Sprintf("w%d-", i))
		if err == nil && len(lost) > 0 {
			err = fmt.Errorf("lost: %s", lost[0])
		}
		if err == nil && k%100 == 99 {
			err = sound(path)
		}
		if err != nil {
			return fmt.Errorf("after %d kills: %w", k+1, err)
		}
		if victims[i], err = start(path, i, rnd.Uint64()); err != nil {
			return err
		}
	}
	for _, v := range victims {
		lines, err := v.kill()
		if err != nil {
			return err
		}
		for _, line := range lines {
			l.note(line)
		}
	}
	lost, err := l.compare(path, "")
	if err == nil {
		err = sound(path)
	}
	fmt.Printf("%d kills of %d writers, %d changes acknowledged by the killed, %d lost\n", s.n+s.writers, s.writers, acknowledged, len(lost))
	if err == nil && len(lost) > 0 {
		err = fmt.Errorf("lost: %s", lost[0])
	}
	return err
}

func start(path string, i int, seed uint64) (*victim, error) {
	cmd := exec.Command(os.Args[0], "writer", "-ops", "0", "-store", path, "-writer", fmt.Sprintf("w%d", i), "-seed", strconv.FormatUint(seed, 10))
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	v := &victim{cmd, make(chan []string, 1)}
	go func() {
		var lines []string
		for in := bufio.NewScanner(out); in.Scan(); {
			lines = append(lines, in.Text())
		}
		v.said <- lines
	}()
	return v, nil
}

// kill ends a writer, and is what it had said. A writer that had ended by itself is an
// error.
func (v *victim) kill() ([]string, error) {
	_ = v.cmd.Process.Kill()
	lines := <-v.said
	_ = v.cmd.Wait() // it was killed
	if v.cmd.ProcessState.Exited() {
		return nil, fmt.Errorf("a writer ended by itself: %v", v.cmd.ProcessState)
	}
	return lines, nil
}
