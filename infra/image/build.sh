#!/usr/bin/env bash
# Builds the suite's image without access to an image registry. See --help.
set -euo pipefail

PATH=$PATH:/usr/sbin:/sbin
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
# shellcheck source=infra/emulators/packages.sh
. "$root/infra/emulators/packages.sh"

usage() {
  cat <<HELP
usage: build.sh [--base IMAGE] [--tag TAG]

Builds the image of the Dockerfile from this checkout, on a Debian image made
from packages, with the Node that \`npm ci\` put into node_modules, and prints
its tag and image id. Where Docker Hub can be reached, \`docker build .\` is
all that is needed.

  --base IMAGE  the Debian 13 image to build on (default: as in
                infra/emulators/build.sh)
  --tag TAG     default: kinesis-proxy-conformance

The package sources, proxies and certificates that this machine is configured
with are used in the build, and none of them stays in the image.

exit codes: 0 done, 2 could not do it, 3 usage
HELP
}

base=''
tag=kinesis-proxy-conformance
while (($#)); do
  case $1 in
    --base | --tag) [[ -n ${2:-} ]] || die 3 "$1 needs an image"; declare "${1#--}=$2"; shift ;;
    -h | --help) usage; exit 0 ;;
    *) die 3 "unknown argument '$1', see --help" ;;
  esac
  shift
done
need_engine
node=$root/node_modules/.bin/node
[[ -x $node ]] || die 2 "there is no $node: run npm ci first"

work=$(mktemp -d)
stage=image-$$-$RANDOM
finish() {
  # The stages that contain /host and the Node base are removed however this ends.
  docker image prune -f --filter "label=kpc.stage=$stage" >/dev/null 2>&1 || true
  docker image rm "kpc-node-from-packages:$stage" >/dev/null 2>&1 || true
  rm -rf -- "$work"
}
trap finish EXIT
write_host
choose_base

build() { # TAG, arguments of docker build; the context is standard input
  local tag=$1
  shift
  # The host's network, so that its resolver and proxies on localhost work.
  docker build --network host --pull=false --force-rm -t "$tag" "$@" - >"$work/log" 2>&1 || {
    tail -30 "$work/log" >&2
    die 2 "building $tag failed, the last lines are above"
  }
}

# The contents of Node's official image: node and npm, on Debian.
mkdir "$work/node"
cp -L -- "$node" "$work/node/node"
(cd "$work/node" && npm pack --silent "npm@$(npm --version)" >/dev/null && tar -xzf npm-*.tgz && mv package npm)
cat >"$work/node/Dockerfile" <<DOCKERFILE
FROM $base
COPY node /usr/local/bin/
COPY npm /usr/local/lib/node_modules/npm
RUN ln -s ../lib/node_modules/npm/bin/npm-cli.js /usr/local/bin/npm
DOCKERFILE
say "building Node $("$node" --version) on $base"
tar -C "$work/node" -c Dockerfile node npm | build "kpc-node-from-packages:$stage"

started=$SECONDS
say "building $tag"
tar -C "$root" --exclude-from=<(sed 's|^|./|' "$root/.dockerignore") -c . -C "$work" ./host |
  build "$tag" --build-arg BASE="kpc-node-from-packages:$stage" --build-arg BUILD="$stage"
say "built $tag in $((SECONDS - started)) s"
docker image inspect --format "$tag {{.Id}}" "$tag"
