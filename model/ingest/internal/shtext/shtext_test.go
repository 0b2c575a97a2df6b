package shtext

import (
	"fmt"
	"strings"
	"testing"
)

// show writes commands as lines: "NAME=(a b)" for assignments, words in quotes
// where they hold blanks, "?" in front of conditional ones, "<?>" for what is unknown.
func show(s Script) string {
	var lines []string
	for _, c := range s.Commands {
		var words []string
		for _, w := range c.Words {
			text := strings.ReplaceAll(w.Text, Unknown, "<?>")
			if text == "" || strings.ContainsAny(text, " \n") {
				text = fmt.Sprintf("%q", text)
			}
			words = append(words, text)
		}
		line := strings.Join(words, " ")
		if c.Assigns != "" {
			line = c.Assigns + "=(" + line + ")"
		}
		if c.Conditional {
			line = "? " + line
		}
		lines = append(lines, line)
	}
	return strings.Join(lines, "\n")
}

func TestRead(t *testing.T) {
	for name, c := range map[string]struct{ in, want string }{
		"commands":           {"a b; c d\n e", "a b\nc d\ne"},
		"comments":           {"# no\na b # no\n  # no\na#b '#c' d", "a b\na#b #c d"},
		"commented twin":     {"#V=1\n# V=2\nV=3\nx $V", "V=(3)\nx 3"},
		"quotes":             {`a 'b c' "d e" f\ g "it's" 'say "x"' "a\"b" 'x\y' "x\y"`, `a "b c" "d e" "f g" it's "say \"x\"" a"b x\y x\y`},
		"variables":          {"A=1\nB=\"$A-${A}x\"\nc $B $A$B '$A' \\$A", "A=(1)\nB=(1-1x)\nc 1-1x 11-1x $A $A"},
		"unknown variable":   {"x \"$HOME/a\" ${USER}", "x <?>/a <?>"},
		"a lone dollar":      {"x $ a$ \"$\" $. 5$", "x $ a$ $ $. 5$"},
		"positional":         {"x \"$1\" $@ $# $? ${0##*/}", "x <?> <?> <?> <?> <?>"},
		"two on a line":      {"A=1 B=2 x $A", "A=(1)\nB=(2)\nx 1"},
		"export":             {"export A=1\nreadonly B=$A", "A=(1)\nexport\nB=(1)\nreadonly"},
		"not an assignment":  {"x A=1 --n=2", "x A=1 --n=2"},
		"empty value":        {"A=\nB=''\nx \"$A$B\"", "A=(\"\")\nB=(\"\")\nx \"\""},
		"words of a value":   {"A='1 2'\nx $A \"$A\"", "A=(\"1 2\")\nx 1 2 \"1 2\""},
		"arrays":             {"A=(1 \"2 3\"\n  # no\n  4\n)\nx \"${A[@]}\" ${A[0]} \"${A[*]}\"", "A=(1 \"2 3\" 4)\nx 1 \"2 3\" 4 1 \"1 2 3 4\""},
		"longer array":       {"A=(1)\nA+=(2)\nx \"${A[@]}\"", "A=(1)\nA=(1 2)\nx 1 2"},
		"empty array":        {"A=()\nx \"${A[@]}\" y", "A=()\nx y"},
		"first of an array":  {"A=(1 2)\nx $A ${A} ${A[1]}", "A=(1 2)\nx 1 1 <?>"},
		"map":                {"declare -A M=(\n [K]=\"a b\"\n)\nx", "M=(\"a b\")\ndeclare -A\nx"},
		"defaults":           {"A=1\nx ${A:-9} ${B:-2} ${C:=3} $C ${D-} ${A:+y}", "A=(1)\nx 1 2 3 3 <?>"},
		"nested defaults":    {`: "${R:="${N:="csm"}-${V:="1.5.2"}"}"` + "\nx $R $N $V", ": csm-1.5.2\nx csm-1.5.2 csm 1.5.2"},
		"long replacement":   {"A=" + strings.Repeat("a", 1000) + "\nB=$A$A$A$A\n: ${B//a/$B} >x", "A=(" + strings.Repeat("a", 1000) + ")\nB=(" + strings.Repeat("a", 4000) + ")\n: <?>"},
		"unknown pattern":    {"A=abc\nx ${A/$Q/z} ${A%$Q} ${A#\"$(q)\"} ${Q:-$Z}", "A=(abc)\nx <?> <?> <?> <?>"},
		"part of an array":   {"A=(1 2)\nA[1]=3\nx \"${A[@]}\"", "A=(1 2)\nA=(<?>)\nx <?>"},
		"subshell's values":  {"A=1\n(A=2)\n: $(A=3)\nx $A", "A=(1)\nA=(2)\n: <?>\nx 1"},
		"replacement":        {"K=6.4.0-1-default\nx ${K//-default/}.1 ${K/-/_} ${K//-/_} ${K//[0-9]/}", "K=(6.4.0-1-default)\nx 6.4.0-1.1 6.4.0_1-default 6.4.0_1_default ..--default"},
		"trimming":           {"K=a.b.c\nE=.c\nx ${K%.c} ${K%$E} ${K#a.} ${K%x} ${K%%.*} ${K##*.}", "K=(a.b.c)\nE=(.c)\nx a.b a.b b.c a.b.c a c"},
		"other operators":    {"K=abc\nx ${#K} ${!K} ${K:0:2} ${K^^}", "K=(abc)\nx <?> <?> <?> <?>"},
		"substitution":       {"A=$(basename \"$(f x)\" .y)\nx \"$A/z\" `date`", "A=(<?>)\nx <?>/z <?>"},
		"arithmetic":         {"i=$((i + 1))\nx $i", "i=(<?>)\nx <?>"},
		"for":                {"for a in 1 \"2 3\"; do x $a; y; done\nz", "x 1\ny\nx 2 3\ny\nz"},
		"for over an array":  {"A=(p q)\nfor a in \"${A[@]}\"\ndo\n x \"$a\"\ndone", "A=(p q)\nx p\nx q"},
		"nested for":         {"for a in 1 2; do for b in 3 4; do x $a$b; done; done; y", "x 13\nx 14\nx 23\nx 24\ny"},
		"for over nothing":   {"A=()\nfor a in \"${A[@]}\"; do x; done; y", "A=()\ny"},
		"for over unknown":   {"for a in $(ls); do x $a; done", "a=(<?>)\nx <?>"},
		"for arguments":      {"for a; do x; done; y", "x\ny"},
		"eval in a loop":     {"for a in x86 arm; do\n eval \"C_${a}_S\"=\\( \\\n  \"u/$a.k\" \\\n \\)\ndone", "eval C_x86_S=( u/x86.k )\neval C_arm_S=( u/arm.k )"},
		"functions":          {"function f() {\n x\n { y; }\n}\ng () { z; }\nfunction h\n{\n z\n}\na", "a"},
		"function in parens": {"f() ( x; y )\na", "a"},
		"a word called f":    {"echo function f", "echo function f"},
		"here-document":      {"cat >&2 <<EOF\nundeploy a\n  b\nEOF\nx", "cat\nx"},
		"quoted end":         {"cat <<'E F'\nx\nE F\ncat <<-\"E\"\n\ty\n\tE\nz", "cat\ncat\nz"},
		"two here-documents": {"cat <<A <<B\na\nA\nb\nB\nx", "cat\nx"},
		"here-string":        {"cat <<< \"a b\"\nx", "cat\nx"},
		"redirections":       {"a b >c 2>&1 <d e >>f 2>/dev/null g", "a b e g"},
		"pipes":              {"a b | c d", "a b\nc d"},
		"conditions":         {"if t; then x; elif u; then y; else z; fi; w", "? t\n? x\n? u\n? y\n? z\nw"},
		"and, or":            {"a && b || c; d\ne &&\n f\ng", "a\n? b\n? c\nd\ne\n? f\ng"},
		"while":              {"while read l; do x; done; y", "? read l\n? x\ny"},
		"case":               {"case $1 in\n a|b) x ;;\n *) y;;\nesac\nz", "? x\n? y\nz"},
		"test":               {"[[ -f \"$F\" ]] && rm -f \"$F\"\nx", "? rm -f <?>\nx"},
		"continued line":     {"a \\\n b \\\r\n c", "a b c"},
		"windows line ends":  {"A=1\r\nx $A\r\ncat <<E\r\nno\r\nE\r\ny\r\n", "A=(1)\nx 1\ncat\ny"},
		"subshell":           {"(a; b) & c", "a\nb\nc"},
		"no newline":         {"a", "a"},
		"nothing":            {"", ""},
	} {
		t.Run(name, func(t *testing.T) {
			s, err := Read([]byte(c.in))
			if err != nil {
				t.Fatal(err)
			}
			if got := show(s); got != c.want {
				t.Errorf("%s\n got %s\nwant %s", c.in, got, c.want)
			}
		})
	}
}

func TestLinesAndHints(t *testing.T) {
	s, err := Read([]byte("# one\n\nA=1\nm=$(select_file \"platform\")\ndeploy \\\n \"$B/manifests/$m\"\n"))
	if err != nil {
		t.Fatal(err)
	}
	if len(s.Commands) != 3 || s.Commands[0].Line != 3 || s.Commands[2].Line != 5 {
		t.Fatalf("lines: %+v", s.Commands)
	}
	w := s.Commands[2].Words[1]
	if w.Known() || w.From == nil || w.From.String() != "select_file platform" {
		t.Errorf("got %+v", w)
	}
	if s.Commands[2].Name() != "deploy" || s.Commands[0].Name() != "" {
		t.Error("names of commands")
	}
	if v, ok := s.Value("A"); !ok || v.Text != "1" {
		t.Errorf("A is %+v", v)
	}
	if _, ok := s.Value("none"); ok {
		t.Error("a variable that is not there has a value")
	}
}

// A value that was used must not change when its copy grows.
func TestValuesAreNotShared(t *testing.T) {
	s, err := Read([]byte("A=1\nB=\"${A}x\"\nC=\"${A}y\"\nx $A $B $C"))
	if err != nil {
		t.Fatal(err)
	}
	if got := show(s); !strings.HasSuffix(got, "x 1 1x 1y") {
		t.Errorf("got %s", got)
	}
}

func TestErrors(t *testing.T) {
	for name, c := range map[string]struct{ in, want string }{
		"open quote":           {"a\nb 'c", "line 2: not readable as a bash script: reached EOF without closing quote `'`; check that the file is complete"},
		"open double quote":    {"a \"b\n\nc", "line 1: not readable as a bash script"},
		"open brace":           {"a\n\nx ${b", "line 3: not readable as a bash script"},
		"open substitution":    {"x $(a (b)", "line 1: not readable as a bash script"},
		"zero byte":            {"a\nb\x00", "line 2: the script holds a zero byte"},
		"too long":             {strings.Repeat("a", MaxBytes+1), "the script has 262145 bytes, more than the 262144 that are read"},
		"loops in loops":       {"A=(1 2 3 4 5 6 7 8 9 0)\n" + strings.Repeat("for a in ${A[@]}; do ", 8) + "x; " + strings.Repeat("done; ", 8), "expands to more than is read"},
		"a value that doubles": {"A=aaaaaaaa\n" + strings.Repeat("A=$A$A\n", 40), "expands to more than is read"},
		"an array that grows":  {"A=(a a a a)\n" + strings.Repeat("A+=(\"${A[@]}\")\n", 40), "expands to more than is read"},
		"a long escaped word":  {"x " + strings.Repeat(`\a`, 100_000), "expands to more than is read"},
		"a long made word":     {"A=" + strings.Repeat("a", 60_000) + "\nx " + strings.Repeat("$A", 50_000), "expands to more than is read"},
		"a long joined array":  {"A=" + strings.Repeat("a", 60_000) + "\nB=($A $A $A)\nx \"${B[*]}${B[*]}\"" + strings.Repeat("$A", 10), "expands to more than is read"},
		"deep nesting":         {"x " + strings.Repeat("\"$(", 1000) + strings.Repeat(")\"", 1000), "expands to more than is read"},
		"many brackets":        {"x " + strings.Repeat("$((", 50_000), "more than 20000 brackets"},
		"many braces":          {"x " + strings.Repeat("{1..9}", 50), "expands to more than is read"},
		"a long range":         {"x {1..99999}{1..99999}", "expands to more than is read"},
		"deep loops":           {strings.Repeat("for a in 1; do ", 1000) + "x; " + strings.Repeat("done; ", 1000), "expands to more than is read"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := Read([]byte(c.in))
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want %s", err, c.want)
			}
		})
	}
}

func FuzzRead(f *testing.F) {
	for _, seed := range []string{
		"A=1\nB=\"$A\"\n", "A=(1 2)\nfor a in \"${A[@]}\"; do eval \"X_${a}\"=\\( \"u/$a\" \\); done\n", "deploy \"${B}/manifests/x.yaml\"\n",
		"function f() { x; }\nundeploy -n a b\n", "cat <<EOF\nx\nEOF\n", ": \"${A:=\"${B:=\"c\"}-d\"}\"\n", "x ${A//a/b} ${A%b} $(c) `d` $((1+2))\n", "case a in b) c;; esac\n", "if a; then b; fi && c || d\n",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) > 4096 {
			return
		}
		s, err := Read(data)
		if err != nil {
			return
		}
		lines := 1 + strings.Count(string(data), "\n")
		for _, c := range s.Commands {
			if c.Line < 1 || c.Line > lines {
				t.Errorf("line %d of %d", c.Line, lines)
			}
		}
		again, err := Read(data)
		if err != nil || show(again) != show(s) {
			t.Errorf("two readings differ: %v", err)
		}
	})
}
