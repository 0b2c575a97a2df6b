package document

// FormWords is what an error says about a form.
func FormWords(pattern string) string { return formWords(pattern) }
