// Package bundle splits actions into bundles at the least cost, with proof. It
// knows only integers: what an action is, and what a plane is, its caller knows.
package bundle
