"""What senders do, held against Postfix's own: posttls-finger looks at the same hosts in the same worlds."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from deliverkit.facts.dealings import DaneSenders, StsSenders
from deliverkit.facts.ruling import Does, Fault, Ruling
from deliverkit.lab.world import load
from tests.at_home import has_namespaces
from tests.judging import judge
from tests.servers import program

TLSA = "_25._tcp.mx2.good.example. TLSA 3 1 1 {spki:mx2.good.example}"
ANCHORED = f'remove = ["{TLSA}"]\nadd = "_25._tcp.mx2 TLSA 2 1 1 {{spki:authority}}"\n'
HOST = "mx2.good.example"
VERIFIED, ESTABLISHED = f"Verified TLS connection established to {HOST}", "TLS connection established"


pytestmark = pytest.mark.skipif(
    not has_namespaces("posttls-finger"), reason="posttls-finger, or a namespace for it, is missing here"
)


def mx2(manner: str) -> str:
    """The host with that manner, at both of its addresses: its key is one."""
    addresses = ("11.0.2.25", "2a11:db8:2::25")
    return "".join(f'[[smtp]]\naddress = "{one}"\nname = "{HOST}"\n{manner}\n' for one in addresses)


def by_postfix(level: str, world: Path) -> str:
    """What posttls-finger says of the host."""
    command = [program("unshare"), "-n", "-m", sys.executable, "-m", "tests.finger", level, str(world), HOST]
    return subprocess.run(command, check=True, capture_output=True, text=True, timeout=60).stdout


def changed(change: str, folder: Path) -> Path:
    """The good world so changed; its certificates are valid now, because Postfix has no other clock."""
    world = folder / "world.toml"
    world.write_text(f'like = "tls-good"\nclock = {datetime.now(UTC).isoformat()}\n{change}\n')
    return world


def by_us(world: Path, kind: type[DaneSenders | StsSenders]) -> Ruling:
    senders = judge(load(str(world))).report.fact(kind)
    assert isinstance(senders, DaneSenders | StsSenders)
    return next(one.ruling for one in senders.dealings if one.conversation.host.address == "11.0.2.25")


@pytest.mark.parametrize(
    ("change", "does", "reason", "said"),
    [
        ("", Does.DELIVERS, "names the certificate", ""),
        (mx2('certificate = "expired"'), Does.DELIVERS, "names the certificate", ""),
        (mx2('certificate = "wrong-name"'), Does.DELIVERS, "names the certificate", ""),
        (mx2('certificate = "self-signed"'), Does.DELIVERS, "names the certificate", ""),
        (
            f'remove = ["{TLSA}"]\nadd = "_25._tcp.mx2 TLSA 3 1 1 {{spki:mx1.good.example}}"',
            Does.DEFERS,
            "no TLSA record names the certificate",
            "no matching DANE TLSA records",
        ),
        (ANCHORED, Does.DELIVERS, "names the certificate", ""),
        (ANCHORED + mx2('certificate = "wrong-name"'), Does.DEFERS, "for another name", "hostname mismatch"),
        (
            ANCHORED + mx2('certificate = "no-chain"'),
            Does.DEFERS,
            "no TLSA record names the certificate",
            "verification",
        ),
        (ANCHORED + mx2('certificate = "unknown-authority"'), Does.DEFERS, "no TLSA record names", "verification"),
        (mx2('certificate = ""'), Does.DEFERS, "no STARTTLS is offered", ""),
    ],
)
def test_postfix_at_dane_does_what_a_dane_sender_does(
    change: str, does: Does, reason: str, said: str, tmp_path: Path
) -> None:
    world = changed(change, tmp_path)
    ours, theirs = by_us(world, DaneSenders), by_postfix("dane", world)
    assert ours.does is does
    assert reason in ours.reason
    assert (VERIFIED in theirs) is (does is Does.DELIVERS), theirs
    assert said in theirs
    assert (ESTABLISHED in theirs) is ("STARTTLS" not in ours.reason), theirs


def test_postfix_speaks_old_tls_only_where_nobody_demands_tls(tmp_path: Path) -> None:
    world = changed(mx2('tls = "old"'), tmp_path)
    for kind, level in ((DaneSenders, "dane"), (StsSenders, "secure")):
        ours, theirs = by_us(world, kind), by_postfix(level, world)
        assert (ours.does, ours.fault) == (Does.DEFERS, Fault.TLS)
        assert "speaks no TLS newer than 1.1" in ours.reason
        assert ESTABLISHED not in theirs, theirs
    assert "TLSv1 with cipher" in by_postfix("may", world)


@pytest.mark.parametrize(
    ("kind", "does"),
    [
        ("right", Does.DELIVERS),
        ("ending", Does.DELIVERS),
        ("expired", Does.DEFERS),
        ("early", Does.DEFERS),
        ("wrong-name", Does.DEFERS),
        ("self-signed", Does.DEFERS),
        ("no-chain", Does.DEFERS),
        ("unknown-authority", Does.DEFERS),
        ("", Does.DEFERS),
    ],
)
def test_postfix_at_secure_does_what_an_mta_sts_sender_does(kind: str, does: Does, tmp_path: Path) -> None:
    world = changed(mx2(f'certificate = "{kind}"'), tmp_path)
    ours, theirs = by_us(world, StsSenders), by_postfix("secure", world)
    assert ours.does is does
    assert (VERIFIED in theirs) is (does is Does.DELIVERS), theirs
