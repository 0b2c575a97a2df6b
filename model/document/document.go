// Package document reads and writes planewise's own documents: releases,
// mappings, procedures, systems, policies and plans.
package document
