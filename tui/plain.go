package tui

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"planewise/model/clean"
	"planewise/planner/explain"
	"planewise/planner/export/text"
	"planewise/planner/resume"
	"planewise/planner/words"
	"planewise/tui/edit"
)

// plain is the planner for screen readers: it prints and asks, line by line, and
// never moves the cursor.
type plain struct {
	world
	out   io.Writer
	in    *bufio.Scanner
	width int
}

// command is a word that plain understands.
type command struct {
	name, args, what string
	run              func(p *plain, arg string) error
}

func commands() []command {
	return []command{
		{"plan", "", "print the plan", func(p *plain, _ string) error { return p.print(false) }},
		{"all", "", "print the plan with every action and change", func(p *plain, _ string) error { return p.print(true) }},
		{"answers", "", "print the one-line answers", (*plain).answers},
		{"bundle", "B2", "print one bundle", (*plain).bundle},
		{"why", "SUBJECT", "explain a capability, plane, component, action or bundle", (*plain).why},
		{"leave", "ID", "leave out a change, an action or a bundle", (*plain).leave},
		{"done", "WORD", "mark a bundle (B1), an action or some of its nodes (roll:worker:4/6) as done already", (*plain).done},
		{"take", "ID", "take back in what was left out", (*plain).take},
		{"undo", "", "undo the last change", (*plain).undone},
		{"redo", "", "redo what was undone", (*plain).redone},
		{"save", "", "save the plan", (*plain).save},
		{"export", "FORMAT FOLDER", "write the plan to files; never over an existing one", (*plain).export},
		{"help", "", "print these commands", (*plain).help},
	}
}

func runPlain(ctx context.Context, s Session, o Options) error {
	p := &plain{out: o.Out, in: bufio.NewScanner(o.In), width: o.Width}
	p.ctx, p.session = ctx, s
	base, err := s.Open(ctx, o.First)
	if err != nil {
		return err
	}
	p.base, p.hist = base, edit.Start(edit.State{Edits: base.Input.Edits, Policy: base.Input.Policy})
	p.make()
	if err := p.print(false); err != nil {
		return err
	}
	p.say("Type help for the commands, quit to leave.")
	lines := make(chan string)
	go func() {
		defer close(lines)
		for p.in.Scan() {
			select {
			case lines <- p.in.Text():
			case <-ctx.Done():
				return
			}
		}
	}()
	for {
		select {
		case <-ctx.Done():
			return nil
		case line, ok := <-lines:
			if !ok {
				return p.unread()
			}
			if !p.obey(line) {
				return nil
			}
		}
	}
}

// unread is why there are no more lines: nil at the end of the input.
func (p *plain) unread() error {
	switch err := p.in.Err(); {
	case errors.Is(err, bufio.ErrTooLong):
		return fmt.Errorf("a line of the input has more than %d KiB, so that it holds no commands; see help for those there are", bufio.MaxScanTokenSize>>10)
	case err != nil:
		return fmt.Errorf("read the commands: %w", err)
	}
	return nil
}

func (p *plain) say(format string, args ...any) {
	fmt.Fprintln(p.out, clean.Text(fmt.Sprintf(format, args...)))
}

func (p *plain) make() { p.world.view = build(p.base, p.state()) }

// obey runs one line; false ends the program.
func (p *plain) obey(line string) bool {
	name, arg, _ := strings.Cut(strings.TrimSpace(line), " ")
	switch name {
	case "":
		return true
	case "quit", "q", "exit":
		return false
	}
	for _, c := range commands() {
		if c.name == name {
			if err := c.run(p, strings.TrimSpace(arg)); err != nil {
				p.say("%v", err)
			}
			return true
		}
	}
	p.say("there is no command %q; help lists them", name)
	return true
}

func (p *plain) print(verbose bool) error {
	_, err := io.WriteString(p.out, text.Plan(p.world.view.Plan, text.Options{Width: p.width, Verbose: verbose}))
	return err
}

func (p *plain) answers(string) error {
	for _, a := range p.world.view.Answers {
		p.say("%s", a.Text)
	}
	return nil
}

func (p *plain) bundle(label string) error {
	for i := range p.world.view.Bundles {
		if b := &p.world.view.Bundles[i]; strings.EqualFold(b.Label, label) {
			for _, r := range detailRows(&p.world, entry{entryBundle, i}, max(p.width, 80)) {
				line := strings.Repeat(" ", r.indent) + r.text
				if r.right != "" {
					line += " (" + r.right + ")"
				}
				p.say("%s", line)
			}
			return nil
		}
	}
	return fmt.Errorf("there is no bundle %q: use one of B1 to B%d", label, len(p.world.view.Bundles))
}

func (p *plain) why(subject string) error {
	r, err := explain.Of(p.world.view.Plan, subject)
	if err != nil {
		return err
	}
	_, err = io.WriteString(p.out, text.Explain(r, text.Options{Width: p.width}))
	return err
}

func (p *plain) leave(id string) error {
	v := p.world.view
	ids := []string{id}
	for i := range v.Bundles {
		if strings.EqualFold(v.Bundles[i].Label, id) {
			ids = texts(v.Bundles[i].Actions)
		}
	}
	if len(ids) == 1 && !knows(v, id) {
		return fmt.Errorf("the plan has no change, action or bundle %q", id)
	}
	l := edit.Leave(v.Plan, ids)
	p.hist.Do("left out "+id, edit.Exclude(p.state(), l.All()))
	p.make()
	p.say("Left out %s and %s that cannot be done without it. The target is now a mixed state; undo takes it back.", id, words.Count(len(l.Too), "action"))
	return p.answers("")
}

func knows(v *view, id string) bool {
	for i := range v.Actions {
		if string(v.Actions[i].ID) == id {
			return true
		}
	}
	for i := range v.Changes {
		if string(v.Changes[i].ID) == id {
			return true
		}
	}
	return false
}

func (p *plain) take(id string) error {
	if !slices.Contains(p.world.view.excluded(), id) {
		return fmt.Errorf("%q is not left out", id)
	}
	p.hist.Do("took "+id+" back in", edit.Include(p.state(), []string{id}))
	p.make()
	return p.answers("")
}

func (p *plain) done(word string) error {
	all, err := resume.Done(p.world.view.Plan, []string{word})
	if err != nil {
		return err
	}
	st := p.state()
	st.Edits.Done = all
	p.hist.Do("marked "+word+" as done", st)
	p.make()
	p.say("Marked %s as done; undo takes it back.", word)
	return p.answers("")
}

func (p *plain) undone(string) error {
	what, ok := p.hist.Undo()
	if !ok {
		return fmt.Errorf("there is nothing to undo")
	}
	p.make()
	p.say("Undone: %s.", what)
	return p.answers("")
}

func (p *plain) redone(string) error {
	what, ok := p.hist.Redo()
	if !ok {
		return fmt.Errorf("there is nothing to redo")
	}
	p.make()
	p.say("Done again: %s.", what)
	return p.answers("")
}

func (p *plain) save(string) error {
	plan, err := finished(p.base, p.state())
	if err != nil {
		return err
	}
	name, err := p.session.SavePlan(p.ctx, plan)
	if err == nil {
		p.say("Saved as %s.", name)
	}
	return err
}

func (p *plain) export(arg string) error {
	format, dir, ok := strings.Cut(arg, " ")
	if !ok {
		return fmt.Errorf("export needs a format and a folder, for example: export md ./plan")
	}
	plan, err := finished(p.base, p.state())
	if err != nil {
		return err
	}
	files, err := p.session.Export(p.ctx, ExportOrder{Plan: plan, Formats: []string{format}, Dir: strings.TrimSpace(dir), Write: true})
	for _, f := range files {
		p.say("Wrote %s.", f.Path)
	}
	return err
}

func (p *plain) help(string) error {
	for _, c := range commands() {
		p.say("%s: %s.", strings.TrimSpace(c.name+" "+c.args), c.what)
	}
	p.say("quit: leave.")
	return nil
}
