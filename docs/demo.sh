#!/bin/sh
# The main job on the embedded lab: each command is printed, then run. Nothing leaves the machine.
set -u
deliverkit=$1

show() {
    wanted=$1
    shift
    printf '\n$ deliverkit %s\n' "$*"
    "$deliverkit" "$@"
    code=$?
    [ "$code" -eq "$wanted" ] || { echo "demo: exit code $code where $wanted was expected" >&2; exit 1; }
}

campaign=deliverkit/lab/campaign/spring.toml
reply="550 5.7.26 unauthenticated mail from good.example is not accepted: its DMARC policy is reject"

# One campaign, from its domain's mail hosts to the answer, before and after its faults are mended.
show 0 mx good.example --lab spring-before
show 0 check good.example --lab spring-before --quiet
show 0 smtp ada@good.example --script deliver --from shop@good.example --lab spring-before
show 1 smtp ada@north.example --script deliver --from shop@good.example --lab spring-before
show 0 explain "$reply"
show 1 preflight $campaign --lab spring-before
show 0 preflight $campaign --lab spring-after
show 1 preflight $campaign --lab seeds-bad

# What else there is.
show 0 mx gmail.com --lab gmail
show 0 mx good.example --lab exchange-is-alias
show 1 check shop.example --lab mail-goes-to-spam --fix
show 1 check bogus.example --lab dnssec-bogus --quiet
show 3 mx good.example --lab resolver-silent --timeout 1 --quiet
show 0 explain exchange-is-alias
