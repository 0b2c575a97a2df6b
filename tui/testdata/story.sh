#!/usr/bin/env bash
# Drives the built program in tmux through a whole story and checks the screen:
# open, select B2, leave something out, see the plan change, undo, compare, export,
# quit; then the ways out that must leave the terminal as it was.
#
# usage: tui/testdata/story.sh path/to/planewise
set -euo pipefail
export LC_ALL=C.UTF-8
bin=$(realpath "$1")
work=$(mktemp -d)
tm() { tmux -L "planewise-story-$$" -f /dev/null "$@"; }
finish() { tm kill-server 2>/dev/null || true; rm -rf "$work"; }
trap finish EXIT

screen() { tm capture-pane -p -t story; }

# see waits until the screen shows a text.
see() {
  for _ in $(seq 100); do
    if screen | grep -qF -- "$1"; then return; fi
    sleep 0.1
  done
  printf 'the screen never showed: %s\n' "$1"
  screen
  exit 1
}

# gone waits until a text is no longer on the screen.
gone() {
  for _ in $(seq 100); do
    if ! screen | grep -qF -- "$1"; then return; fi
    sleep 0.1
  done
  printf 'the screen still shows: %s\n' "$1"
  screen
  exit 1
}

keys() { tm send-keys -t story "$@"; }

tm new-session -d -x 100 -y 30 -s story -c "$work" "env PS1='shell> ' bash --norc --noprofile"
see 'shell>'
keys "stty -a > before; '$bin' --store store.db" Enter

see 'B1'
see 'Running jobs:'
keys Right
see '▸ B2'
keys Tab
keys '/' 'nexus' Enter
see 'filter: nexus'
keys Escape
gone 'filter:'
keys BTab
keys Space
see 'Leave out B2?'
keys y
see 'mixed'
see 'modified'
keys u
gone 'mixed'

keys 4
see 'this plan'
keys a
see 'Compare with another plan'
keys Down Down Down Down Enter
see 'Policy'
keys 'shortest' Enter
keys Up Up Up Up Enter
see 'shortest-total'
keys Escape
see 'Running jobs:'

keys e
see 'Export: formats'
keys Enter
see 'Export: folder'
keys C-u
keys 'out' Enter
see 'Write these files?'
[ ! -e "$work/out" ] || { echo 'files were written before the answer'; exit 1; }
sleep 0.6 # a question that comes up by itself ignores keys for a moment
keys y
see 'wrote 1 file'
[ -s "$work/out/plan.txt" ] || { echo 'nothing was written'; exit 1; }

# Resizing never breaks a frame.
for size in '40 12' '200 60' '80 24' '24 6' '100 30'; do
  read -r w h <<<"$size"
  tm resize-window -t story -x "$w" -y "$h"
  see 'csm'
done

# Suspended and resumed.
keys C-z
see 'Stopped'
keys 'fg' Enter
see 'Running jobs:'
gone 'Stopped'

keys q
see 'shell>'
same() {
  keys "stty -a > after; cmp before after && echo the-same-$1" Enter
  see "the-same-$1"
  [ "$(tm display -p -t story '#{alternate_on} #{mouse_any_flag} #{cursor_flag}')" = '0 0 1' ] || { echo "$1: the screen was not restored"; exit 1; }
  keys C-l
}
same quit

# Ended from outside.
keys "'$bin' --store store.db" Enter
see 'Running jobs:'
pid=$(tm display -p -t story '#{pane_pid}')
kill -TERM "$(pgrep -P "$pid" | tail -n 1)"
see 'shell>'
same term

echo 'the story ends well'
