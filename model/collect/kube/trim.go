package kube

import "strings"

// trim takes out of an object what goes no further.
func (k kind) trim(o map[string]any) {
	remove(o, annotations)
	if !k.dated {
		remove(o, managedFields)
	}
	for _, path := range k.cut {
		remove(o, path)
	}
}

func remove(o map[string]any, path string) {
	for {
		key, rest, deeper := strings.Cut(path, ".")
		if !deeper {
			delete(o, key)
			return
		}
		next, ok := o[key].(map[string]any)
		if !ok {
			return
		}
		o, path = next, rest
	}
}
