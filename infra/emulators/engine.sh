#!/usr/bin/env bash
# Makes sure that a Docker engine runs, and stops what it started. See --help.
set -euo pipefail

PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin

usage() {
  cat <<'HELP'
usage: engine.sh start|stop|status [--state DIR] [--keep]

  start   uses the engine at DOCKER_HOST or the default socket if it answers.
          Otherwise, as root on a Debian-like system, starts a dockerd of its
          own (installing docker.io first where it is missing) whose socket,
          images and log all live in the state folder. Prints lines for eval:
            eval "$(infra/emulators/engine.sh start)"
  stop    ends that dockerd with everything it runs, and removes the state
          folder. An engine that this script did not start is left alone.
  status  says which engine answers. Exit code 0: one does, 1: none does.

  --state DIR  the state folder (default: $KPC_ENGINE_STATE, else
               /var/tmp/kpc-engine)
  --keep       stop only: keep the images for the next start

exit codes: 0 done, 1 no engine, 2 could not do it, 3 usage
HELP
}

say() { printf 'engine: %s\n' "$*" >&2; }
die() { local code=$1; shift; say "$*"; exit "$code"; }

command=''
state=${KPC_ENGINE_STATE:-/var/tmp/kpc-engine}
keep=false
while (($#)); do
  case $1 in
    start | stop | status) [[ -z $command ]] || die 3 "only one of start, stop, status"; command=$1 ;;
    --state) [[ -n ${2:-} ]] || die 3 "--state needs a folder"; state=$2; shift ;;
    --state=?*) state=${1#*=} ;;
    --keep) keep=true ;;
    -h | --help) usage; exit 0 ;;
    *) die 3 "unknown argument '$1', see --help" ;;
  esac
  shift
done
[[ -n $command ]] || { usage >&2; exit 3; }
[[ $keep == false || $command == stop ]] || die 3 "--keep goes with stop only"
state=$(realpath -m -- "$state")
[[ $state == /*/* ]] || die 3 "the state folder must lie at least two levels deep, got '$state'"

socket=$state/docker.sock
marker=$state/.kpc-engine # only a folder with this file is ever removed
own=unix://$socket
# sun_path holds 107 characters; the longest socket is the managed containerd's.
((${#state} <= 70)) || die 3 "the path of the state folder is too long for a unix socket: '$state'"

answers() { # [HOST]: does the engine there answer? Without HOST: as the client is configured.
  command -v docker >/dev/null || return 1
  if (($#)); then
    timeout 10 docker -H "$1" info --format '{{.ServerVersion}}' 2>/dev/null
  else
    timeout 10 docker info --format '{{.ServerVersion}}' 2>/dev/null
  fi | grep -q .
}

# A recorded pid may have been reused: trust it only if the command line contains our socket.
own_pid() {
  local pid
  pid=$(cat "$state/dockerd.pid" 2>/dev/null) || return 1
  [[ $pid =~ ^[0-9]+$ ]] && tr '\0' ' ' 2>/dev/null <"/proc/$pid/cmdline" | grep -qF -- "$own" && printf '%s\n' "$pid"
}

# containerd and its shims have a folder of ours in their command line.
own_children() {
  local dir pid
  for dir in /proc/[0-9]*; do
    pid=${dir#/proc/}
    case $(tr '\0' ' ' 2>/dev/null <"$dir/cmdline" || true) in
      *containerd*" $state/exec/"* | *docker-proxy*" $state/exec/"*) printf '%s\n' "$pid" ;;
    esac
  done
}

print_host() { printf 'DOCKER_HOST=%s\nexport DOCKER_HOST\n' "$1"; }

configured_host() {
  if [[ -n ${DOCKER_HOST:-} ]]; then
    printf '%s\n' "$DOCKER_HOST"
  else
    docker context inspect --format '{{.Endpoints.docker.Host}}' 2>/dev/null || printf 'unix:///var/run/docker.sock\n'
  fi
}

install_engine() {
  command -v dockerd >/dev/null && command -v docker >/dev/null && return
  command -v apt-get >/dev/null || die 2 "no dockerd here and no apt-get to install one: install Docker and start it"
  say "installing docker.io with apt-get"
  # The package would start a system-wide engine: forbid that during the installation.
  local policy=/usr/sbin/policy-rc.d log=$state/apt.log
  if [[ ! -e $policy ]]; then
    printf '#!/bin/sh\nexit 101\n' >"$policy"
    chmod 755 "$policy"
    trap 'rm -f /usr/sbin/policy-rc.d' EXIT
  fi
  export DEBIAN_FRONTEND=noninteractive
  local packages=(docker.io iptables)
  {
    # Newer Debian releases package the client separately.
    apt-get update && { ! apt-cache show docker-cli || packages+=(docker-cli); } &&
      apt-get install -y --no-install-recommends "${packages[@]}"
  } >"$log" 2>&1 </dev/null ||
    die 2 "apt-get could not install docker.io: $(grep -E '^(E|Err)' "$log" | tail -1), all of it in $log"
  hash -r
  if ! command -v dockerd >/dev/null || ! command -v docker >/dev/null; then
    die 2 "docker.io is installed and yet dockerd or docker is missing: see $log"
  fi
}

start() {
  if answers; then
    say "using the engine at $(configured_host)"
    print_host "$(configured_host)"
    return
  fi
  [[ -z ${DOCKER_HOST:-} || $DOCKER_HOST == "$own" ]] || say "nothing answers at DOCKER_HOST=$DOCKER_HOST"
  if [[ $(id -u) != 0 ]]; then
    ! answers "$own" || { print_host "$own"; return; }
    die 2 "no Docker engine answers, and only root can start one: start Docker, or set DOCKER_HOST"
  fi

  mkdir -p -- "$(dirname "$state")"
  exec 9>"$state.lock"
  flock -w 180 9 || die 2 "another start is under way for more than 3 minutes: see $state"
  if answers "$own"; then
    say "using the engine started before, in $state"
    print_host "$own"
    return
  fi
  [[ ! -e $state || -e $marker || -z $(ls -A "$state") ]] || die 2 "$state holds something else: give another folder with --state"
  mkdir -p "$state"
  chmod 711 "$state"
  touch "$marker"
  install_engine

  ! ip link show docker0 >/dev/null 2>&1 && touch "$state/made-docker0"
  rm -f "$state/dockerd.pid" "$socket"
  setsid dockerd --host "$own" --data-root "$state/data" --exec-root "$state/exec" \
    --pidfile "$state/dockerd.pid" >"$state/dockerd.log" 2>&1 </dev/null 9>&- &
  local pid=$!
  for _ in $(seq 150); do
    if answers "$own"; then
      say "started dockerd $(docker -H "$own" info --format '{{.ServerVersion}}, {{.Driver}}') in $state"
      print_host "$own"
      return
    fi
    kill -0 "$pid" 2>/dev/null || break
    sleep 0.2
  done
  say "dockerd does not come up: $(grep -iE 'fatal|failed|error' "$state/dockerd.log" | tail -1)"
  die 2 "all of its log: $state/dockerd.log"
}

stop() {
  if [[ ! -e $marker ]]; then
    say "nothing of this script runs in $state"
    return
  fi
  local pid child
  if pid=$(own_pid); then
    kill -TERM "$pid"
    for _ in $(seq 300); do
      kill -0 "$pid" 2>/dev/null || break
      sleep 0.1
    done
    ! kill -0 "$pid" 2>/dev/null || { say "dockerd $pid did not end within 30 s: killed"; kill -KILL "$pid"; }
  fi
  for signal in TERM KILL; do
    child=$(own_children)
    [[ -n $child ]] || break
    # shellcheck disable=SC2086 # a list of pids
    kill -"$signal" $child 2>/dev/null || true
    sleep 1
  done
  awk -v under="$state/" 'index($2, under) == 1 { print $2 }' /proc/self/mounts | sort -r |
    while IFS= read -r mount; do umount -l -- "$mount"; done
  if [[ -e $state/made-docker0 ]]; then
    ip link delete docker0 2>/dev/null || true
  fi
  if $keep; then
    rm -rf -- "$state/exec" "$state/dockerd.pid" "$state/made-docker0" "$socket"
    say "stopped; the images are kept in $state"
  else
    rm -rf -- "$state" "$state.lock"
    say "stopped, $state is removed"
  fi
}

status() {
  local pid
  if answers; then
    say "engine $(docker info --format '{{.ServerVersion}}') answers at $(configured_host)"
  elif answers "$own"; then
    pid=$(own_pid) || pid='?'
    say "engine $(docker -H "$own" info --format '{{.ServerVersion}}') answers at $own (pid $pid): eval \"\$($0 start)\" to use it"
  else
    say "no engine answers"
    exit 1
  fi
}

"$command"
