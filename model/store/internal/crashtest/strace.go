package main

import (
	"bufio"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
)

// traced are the calls that change files, or wait until they are on the disk.
const traced = "openat,close,write,pwrite64,ftruncate,fsync,fdatasync,mkdirat,linkat,renameat,renameat2,unlinkat"

// call is one that succeeded.
type call struct {
	name   string
	args   []string // texts are decoded
	result int
}

var (
	whole    = regexp.MustCompile(`^(\d+) +(\w+)\((.*)\) += (\d+)`)
	begun    = regexp.MustCompile(`^(\d+) +(\w+\(.*) <unfinished \.\.\.>$`)
	resumed  = regexp.MustCompile(`^(\d+) +<\.\.\. \w+ resumed>(.*)$`)
	argument = regexp.MustCompile(`"((?:\\x[0-9a-f]{2})*)"|[^,\s][^,]*`)
)

// eachCall reads the log of strace -f -xx. Calls come in the order in which they ended.
func eachCall(log io.Reader, fn func(call) error) error {
	in := bufio.NewScanner(log)
	in.Buffer(nil, 1<<30)
	open := map[string]string{} // by thread
	for in.Scan() {
		line := in.Text()
		if m := begun.FindStringSubmatch(line); m != nil {
			open[m[1]] = m[2]
			continue
		}
		if m := resumed.FindStringSubmatch(line); m != nil {
			line = m[1] + " " + open[m[1]] + m[2]
		}
		m := whole.FindStringSubmatch(line)
		if m == nil {
			continue // signals, failed calls, ends of threads
		}
		c := call{name: m[2]}
		for _, a := range argument.FindAllStringSubmatch(m[3], -1) {
			text, err := unhex(a)
			if err != nil {
				return err
			}
			c.args = append(c.args, text)
		}
		var err error
		if c.result, err = strconv.Atoi(m[4]); err != nil {
			return fmt.Errorf("log of strace: %w", err)
		}
		if err := fn(c); err != nil {
			return err
		}
	}
	return in.Err()
}

func unhex(arg []string) (string, error) {
	if !strings.HasPrefix(arg[0], `"`) {
		return arg[0], nil
	}
	out := make([]byte, 0, len(arg[1])/4)
	for at := 0; at < len(arg[1]); at += 4 {
		b, err := strconv.ParseUint(arg[1][at+2:at+4], 16, 8)
		if err != nil {
			return "", fmt.Errorf("log of strace: %w", err)
		}
		out = append(out, byte(b))
	}
	return string(out), nil
}
