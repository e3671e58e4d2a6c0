#!/usr/bin/env bash
# Checks the workflows by actionlint and the Kubernetes manifests by kubeconform. Both tools come from the Go module
# proxy, Kubernetes' schemas from PyPI (the package kubernetes-validate carries them), so that no other site has to be
# reached. Exit codes: 0 all good, 1 something to mend, 2 a tool could not be had.
set -euo pipefail
cd "$(dirname "$0")/../.."

# The first that has backoffLimitPerIndex without a feature gate, and the newest that the package has.
versions=(1.29.0 1.37.0)

work=$(mktemp -d "${TMPDIR:-/tmp}/kpc-manifests.XXXXXX")
trap 'rm -rf "$work"' EXIT
unavailable() { echo "manifests: $1" >&2; exit 2; }

for tool in github.com/rhysd/actionlint/cmd/actionlint@v1.7.12 github.com/yannh/kubeconform/cmd/kubeconform@v0.8.0; do
  GOBIN="$work" go install "$tool" 2> "$work/log" || unavailable "$tool cannot be installed: $(tail -1 "$work/log")"
done
python3 -m pip download --quiet --disable-pip-version-check --no-deps --dest "$work" kubernetes-validate==1.37.0 ||
  unavailable 'kubernetes-validate 1.37.0 cannot be downloaded from PyPI'

# The package's own schemas name each other by URLs that are served nowhere; beside each other they are found.
python3 - "$work" "${versions[@]}" <<'PYTHON'
import glob, json, pathlib, sys, zipfile
work, *versions = sys.argv[1:]
wheel = zipfile.ZipFile(glob.glob(f'{work}/kubernetes_validate-*.whl')[0])
for version in versions:
    folder = pathlib.Path(work, version)
    folder.mkdir()
    for name in wheel.namelist():
        if f'/v{version}-local-strict/' in name and name.endswith('.json'):
            text = wheel.read(name).decode().replace('"/api/_definitions.json#', '"_definitions.json#')
            schema = json.loads(text)
            schema.pop('$id', None)
            (folder / pathlib.Path(name).name).write_text(json.dumps(schema))
PYTHON

conforms() { # VERSION < MANIFEST
  "$work/kubeconform" -strict -schema-location "$work/$1/{{ .ResourceKind }}{{ .KindSuffix }}.json" -
}

failed=0
"$work/actionlint" || failed=1
for manifest in infra/kubernetes/*.yaml; do
  for version in "${versions[@]}"; do
    conforms "$version" < "$manifest" || failed=1
    # A check that lets everything pass is none.
    for mistake in 's/restartPolicy:/restartPolice:/' 's/completions: 4/completions: four/' 's/- name: shard/- nom: shard/'; do
      if sed "$mistake" "$manifest" | conforms "$version" > /dev/null 2>&1; then
        echo "manifests: $manifest conforms to Kubernetes $version even after $mistake" >&2
        failed=1
      fi
    done
  done
done
if [ "$failed" -eq 0 ]; then echo "ok     workflows and Kubernetes manifests (${versions[*]})"; fi
exit "$failed"
