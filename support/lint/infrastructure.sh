#!/usr/bin/env bash
# Checks the files that no TypeScript tool reads: workflows by actionlint and zizmor, shell scripts by shellcheck, CloudFormation
# templates (also those of npm run export) by cfn-lint, Kubernetes manifests by kubeconform. The tools come from the Go
# module proxy and PyPI, and so do Kubernetes' schemas (in kubernetes-validate): no other site is needed.
# Exit codes: 0 all good, 1 something to fix, 2 a tool is not available.
set -euo pipefail
cd "$(dirname "$0")/../.."

# The first version that has backoffLimitPerIndex without a feature gate, and the newest in the package.
versions=(1.29.0 1.37.0)
scripts=(.ci/run infra/*/*.sh support/lint/*.sh)

work=$(mktemp -d "${TMPDIR:-/tmp}/kpc-lint.XXXXXX")
trap 'rm -rf "$work"' EXIT
unavailable() { echo "lint: $1" >&2; exit 2; }

for tool in github.com/rhysd/actionlint/cmd/actionlint@v1.7.12 github.com/yannh/kubeconform/cmd/kubeconform@v0.8.0; do
  GOBIN="$work" go install "$tool" 2> "$work/log" || unavailable "$tool cannot be installed: $(tail -1 "$work/log")"
done
python3 -m venv "$work/venv" > "$work/log" 2>&1 || unavailable "python3 cannot make a venv: $(tail -1 "$work/log")"
tools=$work/venv/bin
"$tools/python" -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes --only-binary :all: \
  --requirement support/lint/requirements.lock > "$work/log" 2>&1 ||
  unavailable "the tools of support/lint/requirements.lock cannot be installed: $(grep -m 1 ERROR "$work/log")"
# They are sourced by scripts with their own interpreter line, so a missing one is fine.
for tool in zizmor shellcheck cfn-lint; do
  "$tools/$tool" --version > "$work/log" 2>&1 || unavailable "$tool does not start: $(tail -1 "$work/log")"
done

# The package's schemas refer to each other by URLs that are not served; in one folder, they resolve.
"$tools/python" - "$work" "${versions[@]}" << 'PYTHON'
import json, pathlib, sys
import kubernetes_validate
work, *versions = sys.argv[1:]
schemas = pathlib.Path(kubernetes_validate.__file__).parent / 'kubernetes-json-schema'
for version in versions:
    folder = pathlib.Path(work, version)
    folder.mkdir()
    for file in (schemas / f'v{version}-local-strict').glob('*.json'):
        schema = json.loads(file.read_text().replace('"/api/_definitions.json#', '"_definitions.json#'))
        schema.pop('$id', None)
        (folder / file.name).write_text(json.dumps(schema))
PYTHON

# Checks one file, so that a copy with a mistake is checked exactly like the file itself.
check() { # TOOL FILE
  case $1 in
    actionlint) "$work/actionlint" -shellcheck "$tools/shellcheck" -pyflakes= "$2" ;;
    # Its strictest persona. Offline: otherwise it asks GitHub whether a commit matches the version in the comment.
    zizmor) "$tools/zizmor" --quiet --no-progress --offline --strict-collection --persona auditor "$2" ;;
    shellcheck) "$tools/shellcheck" --norc --external-sources "$2" ;;
    cfn-lint) "$tools/cfn-lint" --include-checks I -- "$2" ;;
    kubeconform-*)
      "$work/kubeconform" -strict -schema-location "$work/${1#*-}/{{ .ResourceKind }}{{ .KindSuffix }}.json" "$2" ;;
  esac
}

failed=0
# The file must pass, and a copy of it with a mistake (a sed command) must fail for the given reason: a check that
# passes everything is useless.
holds() { # TOOL FILE [MISTAKE REASON]…
  local tool=$1 file=$2 copy=$work/copy/$2 output
  shift 2
  if ! output=$(check "$tool" "$file" 2>&1); then
    printf '%s\n' "$output" >&2
    failed=1
    return
  fi
  mkdir -p "$(dirname "$copy")"
  while [ $# -gt 0 ]; do
    sed "$1" "$file" > "$copy"
    if output=$(check "$tool" "$copy" 2>&1) || ! grep -qF -- "$2" <<< "$output"; then
      echo "lint: $tool does not say $2 of $file with the mistake $1" >&2
      failed=1
    fi
    shift 2
  done
  rm -f "$copy"
}

# This shell must not expand the GitHub expressions and variables in these mistakes.
# shellcheck disable=SC2016
for file in .github/workflows/*.yml; do
  holds actionlint "$file" 's/runs-on:/runs-in:/' 'unexpected key "runs-in"' 's/ubuntu-latest/ubuntu-lates/' runner-label \
    's/- run: npm ci/- run: npm ci $GITHUB_REF/' SC2086
  holds zizmor "$file" 's/persist-credentials: false/persist-credentials: true/' artipacked \
    's/@[0-9a-f]\{40\} # v/@v/' unpinned-uses \
    's/^permissions:.*/permissions: write-all/' excessive-permissions \
    's/- run: npm ci/- run: npm ci ${{ github.head_ref }}/' template-injection
done
holds zizmor .github/dependabot.yml 's/default-days: .*/default-days: 1/' dependabot-cooldown
# shellcheck disable=SC2016
for file in "${scripts[@]}"; do
  holds shellcheck "$file" '$arm -rf $work/*' SC2115 1d SC2148
done
holds cfn-lint infra/aws/bootstrap.yaml 's/AWS::IAM::Role$/AWS::IAM::Rule/' E3006 \
  's/Ref: GitHubProvider/Ref: GitHubProvide/' E1020 's/Type: Number/Type: Numeral/' E2001
for name in tutorial hardened; do
  npm run --silent export -- "$name" --as cloudformation --out "$work/$name.json" > "$work/log" 2>&1 ||
    unavailable "$name cannot be exported: $(tail -1 "$work/log")"
  holds cfn-lint "$work/$name.json" 's/"AWS::IAM::Role"/"AWS::IAM::Rule"/' E3006 \
    's/"Ref": "StageName"/"Ref": "StageNam"/' E1020 's/"RestApiId"/"RestApi"/' E3002
done
for file in infra/kubernetes/*.yaml; do
  for version in "${versions[@]}"; do
    holds "kubeconform-$version" "$file" 's/restartPolicy:/restartPolice:/' restartPolice \
      's/completions: 4/completions: four/' completions 's/- name: shard/- nom: shard/' nom
  done
done
if [ "$failed" -eq 0 ]; then
  echo "ok     workflows, shell scripts, CloudFormation, Kubernetes manifests (${versions[*]})"
fi
exit "$failed"
