"""What senders do, held against what a Postfix did: it sent a message to each of these worlds, as both kinds of sender.

`test_senders` asks posttls-finger about a host; here a whole sender goes through the exchangers, and delivers or not.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import pytest

from deliverkit.facts.dealings import DaneDealing, DaneSenders, StsDealing, StsSenders
from deliverkit.facts.ruling import Does
from deliverkit.lab.world import load
from tests.at_home import has_namespaces
from tests.judging import judge
from tests.mail_servers import missing_mail_server
from tests.servers import program

WHY = missing_mail_server() or ("" if has_namespaces() else "a namespace of its own")
pytestmark = pytest.mark.skipif(bool(WHY) and os.environ.get("CI") != "true", reason=f"{WHY} is missing here")

KINDS: dict[str, type[DaneSenders | StsSenders]] = {"dane": DaneSenders, "sts": StsSenders}
DELIVERS, DEFERS, FALLS_BACK, IN_THE_CLEAR = Does.DELIVERS, Does.DEFERS, Does.FALLS_BACK, Does.IN_THE_CLEAR
UNSURE = Does.MAY_GO_IN_THE_CLEAR
FIRST = "good.example. MX 10 mx1.good.example."
OWN_KEY = "_25._tcp.mx2.good.example. TLSA 3 1 1 {spki:mx2.good.example}"
OTHER_KEY = "_25._tcp.mx2 TLSA 3 1 1 {spki:mx1.good.example}"
AUTHORITY = "_25._tcp.mx2 TLSA 2 1 1 {spki:authority}"
FOR_WEB = "_25._tcp.mx2 TLSA 1 1 1 {spki:mx1.good.example}"  # a usage for the web, which mail has no use for


def world(
    *hosts: tuple[str, str], add: str = "", remove: Sequence[str] = (FIRST,), policy: str = "", more: str = ""
) -> str:
    """`tls-good` with these manners at these hosts; its certificates are valid now: Postfix has no other clock."""
    policy = f'[[https]]\naddress = "11.0.9.81"\nbody = """\nversion: STSv1\n{policy}"""\n' if policy else ""
    smtp = [
        f'[[smtp]]\naddress = "{address}"\nname = "{name}.good.example"\n{manner}\n'
        for name, manner in hosts
        for address in (f"11.0.{name[2:]}.25", f"2a11:db8:{name[2:]}::25")
    ]
    gone = ", ".join(f'"{one}"' for one in remove)
    head = f'like = "tls-good"\nclock = {datetime.now(UTC).isoformat()}\nremove = [{gone}]\nadd = "{add}"\n{more}'
    return "\n".join([head, *smtp, policy])


def mx2(manner: str) -> tuple[str, str]:
    return "mx2", manner


def shows(certificate: str) -> tuple[str, str]:
    """The one exchanger that is left shows such a certificate; none: it has no TLS."""
    return mx2(f'certificate = "{certificate}"')


NO_TLSA = (FIRST, OWN_KEY)
TESTING, NONE = "mode: testing\nmx: *.good.example\nmax_age: 604800\n", "mode: none\nmax_age: 604800\n"
UNANSWERED = '[[faults]]\nname = "_25._tcp.mx2.good.example"\ntype = "TLSA"\ndo = "servfail"\n'
UNSIGNED = """target = "unsigned.example"
[[zones]]
origin = "unsigned.example"
text = "@ MX 10 mx2\\nmx2 A 11.0.2.25\\n_25._tcp.mx2 TLSA 3 1 1 {spki:mx1.good.example}"
"""


def enforced(*names: str) -> str:
    return "mode: enforce\nmax_age: 604800\n" + "".join(f"mx: {name}\n" for name in names)


class Case(NamedTuple):
    """A world, and what we say of it."""

    world: str
    dane: Does
    sts: Does


CASES = {
    "good": Case(world(), DELIVERS, DELIVERS),
    "expired": Case(world(shows("expired")), DELIVERS, DEFERS),
    "not valid yet": Case(world(shows("early")), DELIVERS, DEFERS),
    "wrong name": Case(world(shows("wrong-name")), DELIVERS, DEFERS),
    "self-signed": Case(world(shows("self-signed")), DELIVERS, DEFERS),
    "unknown authority": Case(world(shows("unknown-authority")), DELIVERS, DEFERS),
    "no STARTTLS": Case(world(shows("")), DEFERS, DEFERS),
    "STARTTLS refused": Case(world(mx2('replies = { STARTTLS = "454 4.7.0 not now" }')), DEFERS, DEFERS),
    "handshake fails": Case(world(mx2('tls = "alert"')), DEFERS, DEFERS),
    "TLSA for another key": Case(world(add=OTHER_KEY, remove=NO_TLSA), DEFERS, DELIVERS),
    "TLSA for two keys": Case(world(add=OTHER_KEY), DELIVERS, DELIVERS),
    "TLSA for the authority": Case(world(add=AUTHORITY, remove=NO_TLSA), DELIVERS, DELIVERS),
    "authority, wrong name": Case(world(shows("wrong-name"), add=AUTHORITY, remove=NO_TLSA), DEFERS, DEFERS),
    "authority, expired": Case(world(shows("expired"), add=AUTHORITY, remove=NO_TLSA), DEFERS, DEFERS),
    "authority, not sent": Case(world(shows("no-chain"), add=AUTHORITY, remove=NO_TLSA), DEFERS, DEFERS),
    "unusable TLSA": Case(world(add=FOR_WEB, remove=NO_TLSA), DELIVERS, DELIVERS),
    "unusable TLSA, self-signed": Case(world(shows("self-signed"), add=FOR_WEB, remove=NO_TLSA), DELIVERS, DEFERS),
    "unusable TLSA, no STARTTLS": Case(world(shows(""), add=FOR_WEB, remove=NO_TLSA), DEFERS, DEFERS),
    "TLSA not answered": Case(world(more=UNANSWERED), DEFERS, DELIVERS),
    "TLSA not signed": Case(world(more=UNSIGNED), FALLS_BACK, FALLS_BACK),
    "no TLSA": Case(world(remove=NO_TLSA), FALLS_BACK, DELIVERS),
    "no TLSA, self-signed": Case(world(shows("self-signed"), remove=NO_TLSA), FALLS_BACK, DEFERS),
    "no TLSA, no STARTTLS": Case(world(shows(""), remove=NO_TLSA), IN_THE_CLEAR, DEFERS),
    "pattern": Case(world(policy=enforced("*.good.example")), DELIVERS, DELIVERS),
    "pattern for others": Case(world(policy=enforced("*.mx.good.example")), DELIVERS, DEFERS),
    "policy names another": Case(world(policy=enforced("mx1.good.example")), DELIVERS, DEFERS),
    "testing, expired": Case(world(shows("expired"), policy=TESTING), DELIVERS, Does.REPORTS),
    "testing, no STARTTLS": Case(world(shows(""), policy=TESTING), DEFERS, IN_THE_CLEAR),
    "mode none, expired": Case(world(shows("expired"), policy=NONE), DELIVERS, FALLS_BACK),
    "the second is good": Case(world(("mx1", 'certificate = ""'), remove=()), DELIVERS, DELIVERS),
    "none is good": Case(world(("mx1", 'certificate = ""'), shows(""), remove=()), DEFERS, DEFERS),
}
# Where a Postfix does something else than a sender that does what the standard says, and why.
TAKES_ANY_NAME = (
    "it holds the certificate against all names of the policy, not against the host's (RFC 8461 §4.1, §4.2)"
)
WAITS = "it goes on in the clear only once the message has waited in the queue; others do at once, or never"
DIFFERENT = {
    "for another host of the policy": (
        Case(world(mx2('names = ["mx1.good.example"]')), DELIVERS, DEFERS),
        {"sts": ("sent", TAKES_ANY_NAME)},
    ),
    "host not named, its certificate is": (
        Case(world(mx2('names = ["a.good.example"]'), policy=enforced("a.good.example")), DELIVERS, DEFERS),
        {"sts": ("sent", TAKES_ANY_NAME)},
    ),
    "no TLSA, handshake fails": (
        Case(world(mx2('tls = "alert"'), remove=NO_TLSA, policy=NONE), UNSURE, UNSURE),
        {"dane": ("deferred", WAITS), "sts": ("deferred", WAITS)},
    ),
}
ALL = {**CASES, **{name: case for name, (case, _) in DIFFERENT.items()}}


def place(folder: Path, name: str) -> Path:
    return folder / f"{list(ALL).index(name)}.toml"


@pytest.fixture(scope="module")
def worlds(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("worlds")
    for name, case in ALL.items():
        place(folder, name).write_text(case.world, "utf-8")
    return folder


@pytest.fixture(scope="module")
def sent(worlds: Path) -> Mapping[str, Mapping[str, str]]:
    """What the Postfix says of its messages to each world."""
    names = [str(place(worlds, name)) for name in ALL]
    command = [program("unshare"), "-n", "-m", sys.executable, "-m", "tests.mail_sender", *names]
    done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    return {name: found[str(place(worlds, name))] for name in ALL}


def first_that_takes(senders: object) -> tuple[Does, DaneDealing | StsDealing]:
    """What a sender does, going through the exchangers in order, and where; its last resort, where none takes it."""
    assert isinstance(senders, DaneSenders | StsSenders)
    dealings = [one for one in senders.dealings if ":" not in one.conversation.host.address]
    found = next((one for one in dealings if one.ruling.does is not DEFERS), dealings[-1])
    return found.ruling.does, found


@pytest.mark.parametrize("name", ALL)
def test_postfix_delivers_where_the_verdicts_say_so(
    name: str, worlds: Path, sent: Mapping[str, Mapping[str, str]]
) -> None:
    report = judge(load(str(place(worlds, name)))).report
    pinned = DIFFERENT[name][1] if name in DIFFERENT else {}
    for kind, of in KINDS.items():
        does, where = first_that_takes(report.fact(of))
        assert does is getattr(ALL[name], kind), (kind, where.ruling)
        usual = "deferred" if does is DEFERS else "sent"
        status, _ = pinned.get(kind, (usual, ""))
        said = sent[name][kind]
        assert f"status={status} " in said, said
        assert (f"{kind}@{report.target.domain}" in sent[name]["taken"]) is (status == "sent")
        host = where.conversation.host
        assert f"relay={host.name}[{host.address}]:25" in said or (status == "deferred" and "relay=none" in said), said
        is_named = does is DELIVERS and "any certificate" not in where.ruling.reason
        if is_named or status == "deferred":
            assert ("Verified TLS connection" in said) is (status == "sent"), said


def test_the_pinned_differences_are_differences() -> None:
    for case, pinned in DIFFERENT.values():
        for kind, (status, reason) in pinned.items():
            assert reason
            assert status != ("deferred" if getattr(case, kind) is DEFERS else "sent")
