// Package kube asks a Kubernetes cluster for what a plan needs of it: nodes,
// workloads, where their pods run, disruption budgets, volume claims, cron jobs,
// database clusters, and the ConfigMaps that say what was installed.
//
// # What it may do
//
// It lists, and does nothing else. What it lists stands in one table (kinds), from
// which the requests are made and against which the shipped role is tested
// (fixtures/rbac/planewise-reader.yaml). Secrets are not in it. Helm keeps what is
// installed in Secrets, so versions of charts come from the manifests that a system
// keeps in ConfigMaps, unless the output of helm list is given beside.
//
// # How it reads
//
// Lists come in pages, one request at a time, each with a time limit. When a list
// expires while it is read (410 Gone), that kind is begun again: a list put together
// from two moments would have pods in it that run nowhere. So the objects of one
// kind are held, cut down to what can matter, until the list is whole, and go to the
// sink as the JSON that kubectl prints. Annotations, containers and their environment
// go no further than the page they came with, nor do managed fields, but for those of
// manifests: they say when a manifest was shipped.
//
// A kind that is refused, late or failing is noted as missing, and the others are
// read. What came of it before is handed on.
//
// # What it never tells
//
// Texts of errors come from servers and libraries and may hold tokens or addresses
// with passwords. None of them is passed on: notes and errors are in words of this
// package, and name files, contexts and kinds only.
package kube
