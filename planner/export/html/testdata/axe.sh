#!/bin/sh
# Checks an exported page with axe-core in a headless Chromium, in light and dark.
#
# Usage: axe.sh PAGE.html AXE.js
#
# AXE.js is axe.min.js of the npm package axe-core. The page's own policy forbids
# scripts, so the check runs on a copy without it. Prints the violations and exits
# with 1 where there are any.
set -eu
page=$1
axe=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
sed '/Content-Security-Policy/d' "$page" > "$work/page.html"
cp "$axe" "$work/axe.js"
cat >> "$work/page.html" <<'END'
<script src="axe.js"></script><script>
addEventListener("load", () => axe.run(document, {resultTypes: ["violations", "incomplete"]}).then(r => {
  const out = [];
  for (const kind of ["violations", "incomplete"]) for (const v of r[kind]) {
    out.push(kind + ": " + v.id + ": " + v.help + " (" + v.nodes.length + ")");
    for (const n of v.nodes.slice(0, 3)) out.push("    " + n.target + " " + (n.any[0] || n.all[0] || n.none[0] || {message: ""}).message);
  }
  document.body.innerHTML = "<pre id=axe>axe: " + r.violations.length + " violations, " + r.incomplete.length + " to look at, " + r.passes.length + " rules passed\n" + out.join("\n").replace(/</g, "&lt;") + "\naxe: end</pre>";
}));
</script>
END
status=0
for scheme in 1 0; do # light, dark
  [ "$scheme" = 1 ] && echo "light:" || echo "dark:"
  timeout 120 chromium --headless --no-sandbox --disable-gpu --virtual-time-budget=60000 --blink-settings=preferredColorScheme=$scheme \
    --dump-dom "file://$work/page.html" 2>/dev/null | sed -n '/id="axe"/,/axe: end/p' | sed 's/<[^>]*>//g' > "$work/out"
  cat "$work/out"
  grep -q '^axe: 0 violations' "$work/out" || status=1
done
exit $status
