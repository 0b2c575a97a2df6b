package customizations

import (
	"regexp"
	"strings"
	"sync"

	"planewise/model"
	"planewise/model/yamldoc"
)

// What values may look like. They are strict, since a registry address may hold a
// user and a password, and a template a text in quotes. They are compiled when they
// are needed: no start of the program should wait for them.
var (
	number     = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^(0|[1-9][0-9]{0,4})$`) })
	repository = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]*(:[0-9]{1,5}/)?[A-Za-z0-9._/-]*(:[A-Za-z0-9_][A-Za-z0-9._-]{0,127})?(@sha256:[0-9a-f]{64})?$`)
	})
	tag = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}(@sha256:[0-9a-f]{64})?$`)
	})
	digest = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^sha256:[0-9a-f]{64}$`) })
	// reference is a template that only names other settings.
	reference = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`\{\{ ?[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*|\[ ?'[A-Za-z0-9_.-]+' ?\])*( ?\| ?[A-Za-z]+)? ?\}\}`)
	})
	between = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[A-Za-z0-9._/:-]*$`) })
)

const (
	// maxReplicas is far above what a cluster of a few hundred nodes runs of one thing.
	maxReplicas = 10_000
	maxImage    = 512
	fixme       = "~FIXME~"
)

// override is a setting with its value, as far as that can be used.
func override(kind model.OverrideKind, path []string, v *yamldoc.Value) model.Override {
	o := model.Override{Kind: kind, Path: path}
	switch {
	case strings.Contains(v.Text, fixme):
		o.LeftOut = model.LeftOutFixme
	case strings.Contains(v.Text, "{{"):
		o.Template, o.Value = true, template(v.Text)
	case kind == model.OverrideReplicas && !isReplicas(v.Text):
		o.LeftOut = model.LeftOutNumber
	case kind == model.OverrideImage && !isImage(path[len(path)-1], v.Text):
		o.LeftOut = model.LeftOutImage
	default:
		o.Value = v.Text
	}
	return o
}

// template is the text of a template, "" where it holds more than references.
func template(text string) string {
	if len(text) > maxImage || !between().MatchString(reference().ReplaceAllString(text, "")) || strings.Contains(text, "//") {
		return ""
	}
	return text
}

func isReplicas(text string) bool {
	return number().MatchString(text) && replicasOf(text) <= maxReplicas
}

// replicasOf is the number that a text of digits says; above any allowed one where
// it is none.
func replicasOf(text string) int {
	if !number().MatchString(text) {
		return maxReplicas + 1
	}
	n := 0
	for _, digit := range text {
		n = n*10 + int(digit-'0')
	}
	return n
}

func isImage(key, text string) bool {
	if len(text) > maxImage {
		return false
	}
	switch key {
	case "tag":
		return tag().MatchString(text)
	case "digest":
		return digest().MatchString(text)
	}
	return repository().MatchString(text)
}
