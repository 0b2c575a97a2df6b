package ingest

import (
	"fmt"
	"strconv"

	"planewise/model"
	"planewise/model/yamldoc"
)

// WriteNeutral writes a release as a neutral document, one component per line.
// ReadNeutral of it gives the same release.
func WriteNeutral(r model.Release) ([]byte, error) {
	doc := yamldoc.Mapping().
		Add("format", yamldoc.Text(model.FormatRelease)).
		Add("product", yamldoc.Text(r.Product)).
		Add("version", yamldoc.Text(r.Version))
	addText(doc, "date", r.Date)
	manifests := yamldoc.ListOf()
	for _, m := range r.Manifests {
		v := yamldoc.Mapping().OneLine().Add("name", yamldoc.Text(m.Name)).Add("deployed", yamldoc.Plain(strconv.FormatBool(m.Deployed)))
		manifests.Items = append(manifests.Items, v)
	}
	addList(doc, "manifests", manifests)
	components := yamldoc.ListOf()
	for _, c := range r.Components {
		components.Items = append(components.Items, component(c))
	}
	doc.Add("components", components)
	undeploys := yamldoc.ListOf()
	for _, u := range r.Undeploys {
		v := yamldoc.Mapping().OneLine()
		addText(v, "namespace", u.Namespace)
		addText(v, "name", u.Name)
		addText(v, "before", u.Before)
		undeploys.Items = append(undeploys.Items, v)
	}
	addList(doc, "undeploys", undeploys)
	hooks := yamldoc.ListOf()
	for _, h := range r.Hooks {
		v := yamldoc.Mapping().OneLine().Add("stage", yamldoc.Text(h.Stage)).Add("when", yamldoc.Text(h.When)).Add("script", yamldoc.Text(h.Script))
		hooks.Items = append(hooks.Items, v)
	}
	addList(doc, "hooks", hooks)
	data, err := yamldoc.Encode(doc)
	if err != nil {
		return nil, fmt.Errorf("release %s: %w", r.Ref(), err)
	}
	return data, nil
}

func component(c model.Component) *yamldoc.Value {
	v := yamldoc.Mapping().OneLine()
	addText(v, "kind", string(c.Kind))
	addText(v, "name", c.Name)
	addText(v, "namespace", c.Namespace)
	addText(v, "role", c.Role)
	addText(v, "arch", c.Arch)
	addText(v, "version", c.Version)
	addTexts(v, "versions", c.Versions)
	addText(v, "chart", c.Chart)
	addText(v, "manifest", c.Manifest)
	if c.Position != 0 {
		v.Add("position", yamldoc.Plain(strconv.Itoa(c.Position)))
	}
	if c.NotDeployed {
		v.Add("not_deployed", yamldoc.Plain("true"))
	}
	addText(v, "image", c.Image)
	addTexts(v, "folders", c.Folders)
	addTexts(v, "registries", c.Registries)
	addText(v, "timeout", c.Timeout)
	addText(v, "values", c.Values)
	return v
}

func addText(v *yamldoc.Value, key, text string) {
	if text != "" {
		v.Add(key, yamldoc.Text(text))
	}
}

func addTexts(v *yamldoc.Value, key string, texts []string) {
	if len(texts) == 0 {
		return
	}
	list := yamldoc.ListOf()
	for _, t := range texts {
		list.Items = append(list.Items, yamldoc.Text(t))
	}
	v.Add(key, list.OneLine())
}

func addList(v *yamldoc.Value, key string, list *yamldoc.Value) {
	if len(list.Items) > 0 {
		v.Add(key, list)
	}
}
