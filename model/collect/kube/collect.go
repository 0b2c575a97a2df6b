package kube

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"planewise/model/collect"
)

// Collect asks for all kinds, one after another, and hands the answers to the sink.
// At is the time of the collection. A kind that could not be had is noted there; the
// error says that the cluster cannot be reached at all, that the sink takes nothing
// more, or that ctx has ended.
func (c *Client) Collect(ctx context.Context, sink collect.Sink, at time.Time, progress collect.Progress) error {
	for _, k := range c.kinds() {
		a := &answer{kind: k, progress: progress}
		err := c.read(ctx, a)
		if ctx.Err() != nil {
			return fmt.Errorf("ask the cluster: %w", ctx.Err())
		}
		if err != nil && !c.answered && !late(err) {
			return c.unreachable(err)
		}
		if a.complete || a.n > 0 {
			if err := sink.File(k.name(), at, a.json()); err != nil {
				return err
			}
		}
		if err != nil {
			sink.Missing(k.name(), a.fault(err))
		}
	}
	return nil
}

// answer is the list of one kind while it is read.
type answer struct {
	kind
	progress collect.Progress
	objects  strings.Builder // with commas between them
	n        int             // objects in it
	seen     int             // objects that came, also those that are of no use
	complete bool
}

// maxAnswer bounds what is held of one kind, some hundred thousand pods, and what one
// page may have.
const maxAnswer = 256 << 20

var errTooMuch = errors.New("it is more than 256 MiB")

func (a *answer) restart() {
	a.objects.Reset()
	a.n, a.seen = 0, 0
}

// add takes what is of use of an object.
func (a *answer) add(o map[string]any) error {
	a.seen++
	meta, _ := o["metadata"].(map[string]any)
	if name, _ := meta["name"].(string); a.wanted != nil && !a.wanted(name) {
		return nil
	}
	a.trim(o)
	text, err := json.Marshal(o)
	if err != nil {
		return err
	}
	if a.objects.Len()+len(text) > maxAnswer {
		return errTooMuch
	}
	if a.n > 0 {
		a.objects.WriteString(",\n")
	}
	a.objects.Write(text)
	a.n++
	return nil
}

// json is the list as kubectl prints it.
func (a *answer) json() io.Reader {
	return io.MultiReader(
		strings.NewReader(`{"apiVersion":"v1","items":[`),
		strings.NewReader(a.objects.String()),
		strings.NewReader(`],"kind":"`+a.object+`List","metadata":{}}`+"\n"),
	)
}
