"""Real name servers from Debian, on loopback, from configuration folders of their own.

Knot serves the zones, a signed root among them; Unbound validates in front of it. Neither touches the system's
configuration. Where a server is not installed, `missing` says so.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import dns.dnssec
import dns.message
import dns.name
import dns.query
import dns.rdataclass
import dns.rdatatype
import dns.rrset
import dns.zone
from cryptography.hazmat.primitives.asymmetric import ec

LOOPBACK = "127.0.0.1"
PATIENCE = 10.0  # seconds until a server has to answer
TTL = 300


def missing(*programs: str) -> str:
    """Which of the programs is not installed; empty where all are."""
    path = f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin"
    return next((program for program in programs if shutil.which(program, path=path) is None), "")


def program(name: str) -> str:
    """The path of an installed program."""
    found = shutil.which(name, path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")
    assert found, f"{name} is not installed"
    return found


def speaks_https() -> bool:
    """Whether Unbound is there and built to answer DNS over HTTPS."""
    if missing("unbound"):
        return False
    built = subprocess.run([program("unbound"), "-V"], check=False, capture_output=True, text=True).stdout
    return "--with-libnghttp2" in built


def free_port() -> int:
    """A port that is free for UDP and TCP now."""
    while True:
        with socket.socket() as tcp, socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
            tcp.bind((LOOPBACK, 0))
            port: int = tcp.getsockname()[1]
            try:
                udp.bind((LOOPBACK, port))
            except OSError:
                continue
            return port


def wait_for_listener(process: subprocess.Popen[bytes], port: int, *logs: Path) -> None:
    """Until the port of loopback takes connections; what the process left in its logs is told if it never does."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with socket.create_connection((LOOPBACK, port), timeout=1):
                return
        except OSError:
            time.sleep(0.05)
    said = [file.read_text("utf-8", "replace")[-2000:] for file in logs if file.exists()]
    raise AssertionError(f"{process.args!r} does not listen:\n" + "\n".join(said))


@dataclass(frozen=True)
class Signed:
    """A signed zone as text, and the DS and DNSKEY records of its key."""

    text: str
    ds: str
    dnskey: str


def sign(origin: str, text: str, *, broken: bool = False) -> Signed:
    """The zone signed with a fresh ECDSA key; ``broken``: with signatures that ran out."""
    name = dns.name.from_text(origin)
    zone = dns.zone.from_text(text, origin=name, relativize=False)
    key = ec.generate_private_key(ec.SECP256R1())
    dnskey = dns.dnssec.make_dnskey(key.public_key(), "ECDSAP256SHA256", flags=257)
    now = datetime.now(UTC)
    inception, expiration = (now - timedelta(days=30), now - timedelta(days=9 if broken else -9))
    with zone.writer() as transaction:
        dns.dnssec.sign_zone(
            zone,
            transaction,
            keys=[(key, dnskey)],
            inception=inception,
            expiration=expiration,
            dnskey_ttl=TTL,
        )
    ds = dns.dnssec.make_ds(name, dnskey, "SHA256")
    return Signed(zone.to_text(relativize=False, want_origin=True), str(ds), str(dnskey))


@dataclass
class Server:
    """A server that runs."""

    process: subprocess.Popen[bytes]
    port: int

    def kill(self) -> None:
        """End it at once, as a crash would."""
        self.process.kill()
        self.process.wait()

    def pause(self) -> None:
        """Make it silent: its sockets stay, nothing is read."""
        self.process.send_signal(signal.SIGSTOP)

    def go_on(self) -> None:
        """Wake it up."""
        self.process.send_signal(signal.SIGCONT)


@contextmanager
def knot(folder: Path, zones: Mapping[str, str], *, cpu: int | None = None) -> Iterator[Server]:
    """Knot, authoritative for the zones (origin: text)."""
    port = free_port()
    folder.mkdir(parents=True, exist_ok=True)
    blocks = []
    for number, (origin, text) in enumerate(zones.items()):
        (folder / f"{number}.zone").write_text(text, "utf-8")
        blocks.append(f"  - domain: {origin}\n    file: {folder}/{number}.zone\n")
    (folder / "knot.conf").write_text(
        f"server:\n    rundir: {folder}\n    listen: {LOOPBACK}@{port}\n    udp-workers: 1\n"
        "    tcp-workers: 1\n    background-workers: 1\n"
        f"database:\n    storage: {folder}\n"
        f"template:\n  - id: default\n    semantic-checks: soft\n    zonefile-sync: -1\n    zonefile-load: whole\n"
        f"    journal-content: none\nzone:\n{''.join(blocks)}",
        "utf-8",
    )
    with _running([program("knotd"), "-c", str(folder / "knot.conf")], folder / "knot.log", port, cpu) as server:
        yield server


@contextmanager
def unbound(
    folder: Path,
    stubs: Mapping[str, int],
    *,
    anchors: Mapping[str, str] | None = None,
    options: str = "",
    cpu: int | None = None,
) -> Iterator[Server]:
    """Unbound, asking the authoritative servers at these ports (zone: port); it validates where it has anchors."""
    port = free_port()
    folder.mkdir(parents=True, exist_ok=True)
    trusted = [f'    trust-anchor: "{zone} DNSKEY {key}"\n' for zone, key in (anchors or {}).items()]
    blocks = [
        f'stub-zone:\n    name: "{zone}"\n    stub-addr: {LOOPBACK}@{stub}\n    stub-prime: no\n'
        for zone, stub in stubs.items()
    ]
    modules = "validator iterator" if anchors else "iterator"
    (folder / "unbound.conf").write_text(
        f"server:\n    interface: {LOOPBACK}\n    port: {port}\n    do-daemonize: no\n    username: ''\n"
        "    chroot: ''\n"
        f"    directory: '{folder}'\n    pidfile: '{folder}/unbound.pid'\n    use-syslog: no\n"
        f"    logfile: '{folder}/unbound.out'\n    do-not-query-localhost: no\n    num-threads: 1\n"
        f"    module-config: '{modules}'\n    access-control: 127.0.0.0/8 allow\n    do-ip6: no\n"
        "    so-rcvbuf: 8m\n    msg-cache-size: 64m\n    rrset-cache-size: 128m\n    ede: yes\n"
        "    local-zone: 'test.' nodefault\n    unblock-lan-zones: yes\n    insecure-lan-zones: yes\n"
        "    outgoing-range: 4096\n    num-queries-per-thread: 2048\n    qname-minimisation: no\n"
        f"{options}{''.join(trusted)}remote-control:\n    control-enable: no\n{''.join(blocks)}",
        "utf-8",
    )
    with _running(
        [program("unbound"), "-c", str(folder / "unbound.conf")], folder / "unbound.log", port, cpu
    ) as server:
        yield server


@contextmanager
def _running(command: list[str], log: Path, port: int, cpu: int | None) -> Iterator[Server]:
    pinned = ["taskset", "-c", str(cpu), *command] if cpu is not None else command
    with log.open("wb") as output, subprocess.Popen(pinned, stdout=output, stderr=subprocess.STDOUT) as process:
        try:
            _wait_for(port, process, log)
            yield Server(process, port)
        finally:
            process.send_signal(signal.SIGCONT)
            process.kill()


def _wait_for(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    """Until the server answers anything at all."""
    question = dns.message.make_query(".", "SOA")
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if process.poll() is not None:
            break
        try:
            dns.query.udp(question, LOOPBACK, port=port, timeout=0.2)
        except (dns.exception.Timeout, OSError):
            time.sleep(0.05)
            continue
        return
    raise AssertionError(f"{process.args!r} does not answer:\n{log.read_text('utf-8', 'replace')[-2000:]}")
