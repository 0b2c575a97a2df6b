#!/bin/sh
# Compares this package with independent solvers: coinor-cbc on LP files, Gecode on
# MiniZinc models. Run it as root on Debian 12, or with the four packages there. It
# prints a table and fails where a solver disagrees. Takes some minutes; each
# run of a solver may take half of one.
set -eu
cd "$(dirname "$0")/.."
if ! command -v cbc >/dev/null || ! command -v minizinc >/dev/null; then
	apt-get update
	apt-get install -y --no-install-recommends coinor-cbc minizinc flatzinc libgecode49
fi
table=$(mktemp)
trap 'rm -f "$table"' EXIT
status=0
SOLVERS_TABLE="$table" go test -tags solvers -run 'TestSolvers$' -timeout 6h . || status=$?
cat "$table"
exit $status
