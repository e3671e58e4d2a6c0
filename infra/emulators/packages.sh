#!/usr/bin/env bash
# shellcheck disable=SC2154 # `work` and `base` are those of the script that sources this
# Sourced by builds of images from packages. Reads `work`, the build's folder, and `base`, the Debian image
# to build on, if given; sets `base`, and copies this machine's configuration to $work/host.

base_tag=kpc-base-from-packages:trixie
public_base=debian:trixie-slim

say() { printf 'build: %s\n' "$*" >&2; }
die() { local code=$1; shift; say "$*"; exit "$code"; }

need_engine() {
  local here
  here=$(dirname "${BASH_SOURCE[0]}")
  command -v docker >/dev/null || die 2 "there is no docker client: install one, or as root run $here/engine.sh start"
  timeout 10 docker info --format '{{.ServerVersion}}' 2>/dev/null | grep -q . ||
    die 2 "no Docker engine answers${DOCKER_HOST:+ at $DOCKER_HOST}: start one, for instance by eval \"\$($here/engine.sh start)\""
}

has_image() { docker image inspect "$1" >/dev/null 2>&1; }

# --- this machine's configuration, as a folder for the temporary stage ---

quoted() { printf "'%s'" "${1//\'/\'\\\'\'}"; } # for /bin/sh
set_env() { printf 'export %s=%s\n' "$1" "$(quoted "$2")" >>"$work/host/env"; }

certificates() {
  local file
  for file in "${SSL_CERT_FILE:-}" "${PIP_CERT:-}" "${REQUESTS_CA_BUNDLE:-}" "${NODE_EXTRA_CA_CERTS:-}" \
    /etc/ssl/certs/ca-certificates.crt /etc/pki/tls/certs/ca-bundle.crt /etc/ssl/cert.pem; do
    [[ -n $file && -s $file ]] && { printf '%s\n' "$file"; return; }
  done
  return 1
}

# Lines "URL SUITE" for trixie, derived from the host's Debian release.
debian_sources() {
  command -v apt-get >/dev/null || return 0
  # shellcheck disable=SC2016 # apt-get fills these in
  apt-get indextargets --format '$(ORIGIN) $(REPO_URI) $(CODENAME) $(RELEASE)' 'Created-By: Packages' 2>/dev/null |
    while read -r origin url codename release; do
      [[ $origin == Debian && $url == http* ]] || continue
      case $codename,$release in
        *-security*) printf '%s trixie-security\n' "$url" ;;
        *-updates*) printf '%s trixie-updates\n' "$url" ;;
        *-*) ;; # such as backports
        *) printf '%s trixie\n' "$url" ;;
      esac
    done | sort -u
}

write_apt() {
  local sources
  {
    # Proxies and clock settings apply to the build too; the host's file names do not.
    apt-config dump Acquire 2>/dev/null | grep -E '^Acquire::((http|https)::Proxy|Check-(Valid-Until|Date)|(http|https)::Verify)' || true
    [[ ! -e $work/host/ca.pem ]] || printf 'Acquire::https::CaInfo "/host/ca.pem";\n'
    sources=$(debian_sources)
    if grep -q ' trixie$' <<<"$sources"; then
      printf 'Dir::Etc::sourcelist "/host/sources.list";\nDir::Etc::sourceparts "-";\n'
      while read -r url suite; do
        printf 'deb %s %s main\n' "$url" "$suite"
      done <<<"$sources" >"$work/host/sources.list"
    fi
  } >"$work/host/apt.conf"
  set_env APT_CONFIG /host/apt.conf
}

write_pip() {
  local pip section key name value lines=''
  for pip in pip3 pip 'python3 -m pip'; do
    # shellcheck disable=SC2086 # may be three words
    lines=$(cd / && $pip config list 2>/dev/null) && break
  done
  # As in pip, the environment wins over the install section, and that over the global one.
  for key in index-url extra-index-url trusted-host proxy; do
    name=PIP_$(tr a-z- A-Z_ <<<"$key")
    value=${!name:-}
    for section in install global; do
      [[ -n $value ]] || value=$(sed -nE "s/^$section\.$key=(['\"])(.*)\1\$/\2/p" <<<"$lines")
    done
    [[ -z $value ]] || set_env "$name" "${value//\\n/ }"
  done
  if ! grep -q '^export PIP_INDEX_URL=' "$work/host/env"; then
    value=${UV_DEFAULT_INDEX:-${UV_INDEX_URL:-}}
    [[ -z $value ]] || set_env PIP_INDEX_URL "$value"
  fi
}

write_npm() {
  local key value
  : >"$work/host/npmrc"
  if command -v npm >/dev/null; then
    for key in registry proxy https-proxy noproxy strict-ssl; do
      value=$(cd / && npm config get "$key" 2>/dev/null) || continue
      case $value in '' | null | undefined) ;; *) printf '%s=%s\n' "$key" "$value" ;; esac
    done >>"$work/host/npmrc"
    value=$(cd / && npm config get userconfig 2>/dev/null || true)
    [[ ! -r $value ]] || grep '^//' "$value" >>"$work/host/npmrc" || true # scoped to a registry, e.g. its login
  elif [[ -n ${npm_config_registry:-${NPM_CONFIG_REGISTRY:-}} ]]; then
    printf 'registry=%s\n' "${npm_config_registry:-$NPM_CONFIG_REGISTRY}" >>"$work/host/npmrc"
  fi
  set_env NPM_CONFIG_USERCONFIG /host/npmrc
}

write_host() {
  local file name
  mkdir -p "$work/host"
  : >"$work/host/env"
  if file=$(certificates); then
    cp -L -- "$file" "$work/host/ca.pem"
    for name in SSL_CERT_FILE PIP_CERT REQUESTS_CA_BUNDLE CURL_CA_BUNDLE NODE_EXTRA_CA_CERTS; do
      set_env "$name" /host/ca.pem
    done
  fi
  for name in HTTP_PROXY HTTPS_PROXY ALL_PROXY NO_PROXY http_proxy https_proxy all_proxy no_proxy PIP_DEFAULT_TIMEOUT; do
    [[ -z ${!name:-} ]] || set_env "$name" "${!name}"
  done
  write_apt
  write_pip
  write_npm
  chmod -R a+rX "$work/host"
}

# --- the base ---

install_debootstrap() {
  command -v debootstrap >/dev/null && return
  command -v apt-get >/dev/null ||
    die 2 "$public_base can not be pulled and debootstrap is missing: install it, or give a base with --base"
  say "installing debootstrap with apt-get"
  { apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends debootstrap; } \
    >"$work/apt.log" 2>&1 </dev/null ||
    die 2 "$public_base can not be pulled and apt-get could not install debootstrap: $(grep -E '^(E|Err)' "$work/apt.log" | tail -1)"
  hash -r
}

bootstrap() {
  local mirror root=$work/root
  [[ $(id -u) == 0 ]] ||
    die 2 "$public_base can not be pulled and making a base with debootstrap needs root: run as root, or give one with --base"
  install_debootstrap
  mirror=$(debian_sources | awk '$2 == "trixie" { print $1; exit }')
  say "$public_base can not be pulled: making $base_tag with debootstrap"
  # As the public slim image does: no manuals and translations, but the licences.
  mkdir -p "$root/etc/dpkg/dpkg.cfg.d"
  printf '%s\n' 'path-exclude /usr/share/doc/*' 'path-include /usr/share/doc/*/copyright' 'path-exclude /usr/share/man/*' \
    'path-exclude /usr/share/info/*' 'path-exclude /usr/share/locale/*' >"$root/etc/dpkg/dpkg.cfg.d/slim"
  printf 'force-unsafe-io\n' >"$root/etc/dpkg/dpkg.cfg.d/no-fsync" # a broken build is discarded anyway
  if ! debootstrap --variant=minbase trixie "$root" "${mirror:-http://deb.debian.org/debian}" >"$work/debootstrap.log" 2>&1; then
    tail -5 "$work/debootstrap.log" >&2
    die 2 "debootstrap failed, its last lines are above"
  fi
  # Remove the build machine's mirror, resolver and name.
  printf 'deb http://deb.debian.org/debian trixie main\n' >"$root/etc/apt/sources.list"
  : >"$root/etc/resolv.conf"
  printf 'localhost\n' >"$root/etc/hostname"
  rm -rf "$root"/usr/share/{man,info,locale}/*
  find "$root/usr/share/doc" -not -type d -not -name copyright -delete
  rm -rf "$root"/var/lib/apt/lists/* "$root"/var/cache/apt/* "$root"/var/log/* "$root"/var/cache/debconf/*-old
  tar -C "$root" --numeric-owner -c . |
    docker import --change 'CMD ["bash"]' --change 'LABEL org.opencontainers.image.title=kpc-base-from-packages org.opencontainers.image.version=trixie' - "$base_tag" >/dev/null
  rm -rf -- "$root"
}

choose_base() {
  [[ -z $base ]] || { has_image "$base" || docker pull -q "$base" >/dev/null || die 2 "the base image $base can not be had"; return; }
  if has_image "$public_base"; then
    base=$public_base
  elif has_image "$base_tag"; then
    base=$base_tag
  elif timeout 120 docker pull -q "$public_base" >/dev/null 2>&1; then
    base=$public_base
  else
    bootstrap
    base=$base_tag
  fi
}
