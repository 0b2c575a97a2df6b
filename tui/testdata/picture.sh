#!/usr/bin/env bash
# Makes an SVG picture of the running program.
#
# usage: tui/testdata/picture.sh path/to/planewise WIDTH HEIGHT OUT.svg [KEY...]
# Keys are named as tmux names them: Down, Tab, Enter, Space, '2'. plan.svg was made with
# WIDTH 110, HEIGHT 34 and Right.
set -euo pipefail
export LC_ALL=C.UTF-8
bin=$(realpath "$1") width=$2 height=$3 out=$(realpath -m "$4")
shift 4
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
work=$(mktemp -d)
tm() { tmux -L "planewise-picture-$$" -f /dev/null "$@"; }
finish() { tm kill-server 2>/dev/null || true; rm -rf "$work"; }
trap finish EXIT

# quiet waits until the screen has not changed for a while.
quiet() {
  local before=x now=y
  for _ in $(seq 40); do
    now=$(tm capture-pane -e -p -N -t p)
    if [ "$now" = "$before" ] && grep -q csm <<<"$now"; then return; fi
    before=$now
    sleep 0.25
  done
}

tm new-session -d -x "$width" -y "$height" -s p \; set -g default-terminal tmux-256color \; set -ga terminal-overrides ',*:RGB'
tm respawn-pane -k -t p "env COLORTERM=truecolor '$bin' --store '$work/store.db'"
quiet
for key in "$@"; do
  tm send-keys -t p "$key"
  quiet
done
tm capture-pane -e -p -N -t p >"$work/screen"
go run ./tui/internal/picture <"$work/screen" >"$out"
echo "wrote $out"
