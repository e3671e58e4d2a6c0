#!/usr/bin/env bash
# Builds emulator images from Debian, PyPI and npm packages. See --help.
set -euo pipefail

PATH=$PATH:/usr/sbin:/sbin
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
names=$(cd "$here" && for file in */Dockerfile; do printf '%s ' "${file%/*}"; done)
# shellcheck source=infra/emulators/packages.sh
. "$here/packages.sh"

usage() {
  cat <<HELP
usage: build.sh NAME|all [--force] [--base IMAGE]

Builds NAME-from-packages:VERSION and prints its tag and image id, one line per
image. Nothing is built when the tag is there already.

  NAME          one of: ${names}
  --force       rebuild
  --base IMAGE  the Debian 13 image to build on (default: $public_base
                where it is there or can be pulled, else $base_tag,
                made by debootstrap, which needs root and is
                installed with apt-get where it is missing)

The package sources, proxies and certificates that this machine is configured
with (apt, pip, npm, environment) are used in the build, and none of them stays
in an image.

exit codes: 0 done, 2 could not do it, 3 usage
HELP
}

wanted=''
force=false
base=''
while (($#)); do
  case $1 in
    --force) force=true ;;
    --base) [[ -n ${2:-} ]] || die 3 "--base needs an image"; base=$2; shift ;;
    --base=?*) base=${1#*=} ;;
    -h | --help) usage; exit 0 ;;
    -*) die 3 "unknown option '$1', see --help" ;;
    all) wanted=$names ;;
    *)
      [[ " $names" == *" $1 "* ]] || die 3 "no emulator is called '$1', there are: ${names% }"
      wanted+="$1 "
      ;;
  esac
  shift
done
[[ -n $wanted ]] || { usage >&2; exit 3; }

need_engine

work=$(mktemp -d)
stage=''
# The temporary stages contain /host, so they are removed however this ends. Each build has its own label, so that a
# concurrent build is not affected.
finish() {
  [[ -z $stage ]] || docker image prune -f --filter "label=kpc.emulator.stage=$stage" >/dev/null 2>&1 || true
  stage=''
}
trap 'finish; rm -rf -- "$work"' EXIT

# --- the images ---

build() {
  local name=$1 tag=$2 context=$work/$1 started=$SECONDS before
  before=$(docker image inspect --format '{{.Id}}' "$tag" 2>/dev/null) || before=''
  [[ -d $work/host ]] || write_host
  choose_base
  cp -r -- "$here/$name" "$context"
  cp -r -- "$work/host" "$context/host"
  say "building $tag on $base"
  stage=$name-$$-$RANDOM
  # The host's network, so that its resolver and proxies on localhost work. The classic builder warns on
  # standard error that it is deprecated; the output matters only if the build fails.
  if ! docker build --network host --pull=false --force-rm --build-arg BASE="$base" --build-arg BUILD="$stage" \
    -t "$tag" "$context" >"$work/$name.log" 2>&1; then
    tail -30 "$work/$name.log" >&2
    die 2 "building $tag failed, the last lines are above"
  fi
  rm -rf -- "$context"
  finish
  # The image that had this tag before, unless a container or another tag still needs it.
  [[ -z $before || $before == "$(docker image inspect --format '{{.Id}}' "$tag")" ]] || docker image rm "$before" >/dev/null 2>&1 || true
  say "built $tag in $((SECONDS - started)) s"
}

for name in $wanted; do
  version=$(sed -nE 's/.*org\.opencontainers\.image\.version="([^"]+)".*/\1/p' "$here/$name/Dockerfile")
  grep -q "==$version\( \|\$\)" "$here/$name/requirements.lock" ||
    die 2 "$name/Dockerfile says version '$version' and $name/requirements.lock has another: update the lock"
  tag=$name-from-packages:$version
  if $force || ! has_image "$tag"; then
    build "$name" "$tag"
  fi
  printf '%s %s\n' "$tag" "$(docker image inspect --format '{{.Id}}' "$tag")"
done
