#!/usr/bin/env bash
# The step of action.yml: turns its inputs, GIVEN_<NAME>, into arguments of the command run, and the verdict into an output.
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
  # A folder of its own, since a run deletes the report of an earlier run there.
  verdict=$("$node" -p 'JSON.parse(require("fs").readFileSync(process.argv[1], "utf8")).verdict' "$report/conformance.json")
  echo "verdict=$verdict" >>"${GITHUB_OUTPUT:-/dev/null}"
fi
exit "$status"
