#!/usr/bin/env bash
# The step of action.yml: inputs, as GIVEN_<NAME>, become arguments of the command run; the verdict becomes an output.
set -uo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
report=${GIVEN_REPORT:-reports/conformance}
arguments=(run --report "$report")
[ -z "${GIVEN_DEFINITION:-}" ] || arguments+=(--definition "$GIVEN_DEFINITION")
[ -z "${GIVEN_TARGET:-}" ] || arguments+=(--target "$GIVEN_TARGET")
[ -z "${GIVEN_URL:-}" ] || arguments+=(--url "$GIVEN_URL")
[ -z "${GIVEN_LEVEL:-}" ] || arguments+=(--level "$GIVEN_LEVEL")
while IFS= read -r line; do
  line=${line%$'\r'}
  [ -z "$line" ] || arguments+=("$line")
done <<<"${GIVEN_ARGUMENTS:-}"

node=$here/node_modules/.bin/node
"$node" --max-semi-space-size=8 "$here/support/cli/main.mjs" "${arguments[@]}"
status=$?

if [ -f "$report/conformance.json" ]; then
  # A run takes away what an earlier one wrote there, so this is its own.
  verdict=$("$node" -p 'JSON.parse(require("fs").readFileSync(process.argv[1], "utf8")).verdict' "$report/conformance.json")
  echo "verdict=$verdict" >>"${GITHUB_OUTPUT:-/dev/null}"
fi
exit "$status"
