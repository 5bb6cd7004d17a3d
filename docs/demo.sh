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

show 0 mx gmail.com --lab gmail
show 0 mx good.example --lab exchange-is-alias
show 0 check good.example --lab all-well
show 1 check shop.example --lab mail-goes-to-spam --fix
show 1 check bogus.example --lab dnssec-bogus
show 0 smtp ada@good.example --script deliver --from bob@good.example --lab smtp-good
show 1 smtp ada@good.example --script deliver --from bob@good.example --lab smtp-unknown-recipient
show 0 explain exchange-is-alias
show 0 smtp ada@good.example --script deliver --from bob@a.example --lab smtp-refuses
show 1 smtp bob@good.example --script deliver --from bob@a.example --lab smtp-refuses
show 1 smtp grace@good.example --script deliver --from bob@a.example --lab smtp-refuses
show 0 preflight deliverkit/lab/campaigns/good.toml --lab seeds-good
show 1 preflight deliverkit/lab/campaigns/bad.toml --lab seeds-bad
show 0 explain "550-5.7.26 Unauthenticated email from good.example is not accepted due to domain's DMARC policy"
