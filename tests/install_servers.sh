#!/bin/sh
# The real servers that the tests run against, from Debian's packages.
set -eu
export DEBIAN_FRONTEND=noninteractive
if PATH="$PATH:/usr/sbin" command -v knotd >/dev/null && PATH="$PATH:/usr/sbin" command -v unbound >/dev/null; then
    exit 0
fi
sudo=
[ "$(id -u)" -eq 0 ] || sudo=sudo
$sudo apt-get update -qq
$sudo env RUNLEVEL=1 apt-get install -y -qq --no-install-recommends knot unbound >/dev/null
