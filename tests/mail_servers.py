"""Real mail servers from Debian, on loopback, from configuration folders of their own: Postfix and Exim.

Both take mail for ada and bob at good.example, which goes nowhere, and put off what is for later there. Neither touches
the system's configuration. They need root, as mail servers do, to become users of their own. Where one is not there,
`missing_mail_server` says so.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding

from tests.certificates import Authority
from tests.servers import LOOPBACK, PATIENCE, free_port, missing, program

NAME = "mx.good.example"
SECOND = "mail.other.example"  # of which Postfix has a certificate, too
USER, PASSWORD = "ada@good.example", "s3cret"
MOST = 30_000_000  # octets of a message
EXIM = Path("/opt/deliverkit-servers/usr/sbin/exim4")  # beside Postfix, with which its package cannot be installed
_POSTFIX_PORTS = ("mx", "lenient", "submission", "postscreen", "guarded", "wrapped", "curious", "ordered", "every")
POSTFIX_DAEMONS = Path("/usr/lib/postfix/sbin")


def missing_mail_server() -> str:
    """What is missing to run both; empty: nothing."""
    absent = missing("postfix", "postconf", "saslpasswd2")
    if absent or not POSTFIX_DAEMONS.is_dir():
        return absent or str(POSTFIX_DAEMONS)
    if not EXIM.exists():
        return "exim4"
    return "" if os.geteuid() == 0 else "root, whom mail servers need"


@dataclass
class MailServer:
    """A mail server that runs: its ports by what they are for, and its log."""

    name: str
    ports: dict[str, int]
    log: Path
    authority: Authority

    def lines(self) -> list[str]:
        """The lines of its log."""
        return self.log.read_text("utf-8", "replace").splitlines() if self.log.exists() else []

    def wait_for(self, is_there: Callable[[list[str]], bool]) -> list[str]:
        """The lines of its log, once what is waited for is there: servers log when they get round to it."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            lines = self.lines()
            if is_there(lines):
                return lines
            time.sleep(0.05)
        raise AssertionError(f"{self.name} has not logged it:\n" + "\n".join(self.lines()[-20:]))


@contextmanager
def postfix(folder: Path) -> Iterator[MailServer]:
    """Postfix: port 25 as it comes (``lenient``) and as it should be (``mx``), ``submission``, ``postscreen``.

    ``guarded`` and ``wrapped`` demand a certificate, by STARTTLS and before the greeting; ``curious`` asks for one.
    Who asks for `SECOND` (SNI) is shown its certificate.
    ``ordered`` takes the suites of `ORDERED` in its own order, ``every`` all that OpenSSL has, both with an RSA key.
    """
    authority, ports = Authority(), {use: free_port() for use in _POSTFIX_PORTS}
    configuration, log = folder / "conf", folder / "mail.log"
    for one in ("conf/sasl", "queue", "data"):  # Debian's Postfix looks for SASL's configuration beside its own
        (folder / one).mkdir(parents=True)
    open_to_all(folder)
    certificate, second = authority.certify(folder, NAME), authority.certify(folder, SECOND)
    (folder / "ca.pem").write_bytes(authority.certificate().public_bytes(Encoding.PEM))
    rsa_certificate = authority.certify(folder / "rsa", NAME, key=rsa.generate_private_key(65537, 2048))
    places = {"folder": folder, "certificate": certificate, "second": second, "most": MOST}
    (configuration / "main.cf").write_text(_POSTFIX.format(**places), "utf-8")
    (configuration / "master.cf").write_text(_MASTER.format(rsa=rsa_certificate, **ports), "utf-8")
    _make_sasl(configuration / "sasl")
    shutil.chown(folder / "data", "postfix")
    command = [program("postfix"), "-c", str(configuration), "start-fg"]
    with running(command, folder / "out", ports["mx"], folder / "queue/pid/master.pid"):
        yield MailServer("Postfix", ports, log, authority)


def _make_sasl(folder: Path) -> None:
    (folder / "smtpd.conf").write_text(
        f"pwcheck_method: auxprop\nauxprop_plugin: sasldb\nmech_list: PLAIN LOGIN CRAM-MD5\nsasldb_path: {folder}/db\n",
        "utf-8",
    )
    local, _, domain = USER.partition("@")
    command = [program("saslpasswd2"), "-p", "-f", f"{folder}/db", "-c", "-u", domain, local]
    subprocess.run(command, input=PASSWORD, text=True, check=True)
    shutil.chown(folder / "db", "postfix")


@contextmanager
def exim(folder: Path) -> Iterator[MailServer]:
    """Exim: port 25 as it comes (``mx``), one that waits before it greets (``patient``), and ``submission``."""
    authority, ports = Authority(), {use: free_port() for use in ("mx", "submission", "patient")}
    for one in ("spool", "log"):
        (folder / one).mkdir(parents=True)
        shutil.chown(folder / one, "Debian-exim", "Debian-exim")
    open_to_all(folder)
    certificate = authority.certify(folder, NAME)
    shutil.chown(certificate, "Debian-exim")
    text = _EXIM
    for name, value in {"@FOLDER@": folder, "@CERTIFICATE@": certificate, "@MOST@": MOST, **_places(ports)}.items():
        text = text.replace(name, str(value))
    (folder / "exim.conf").write_text(text, "utf-8")
    command = [str(EXIM), "-bdf", "-C", str(folder / "exim.conf"), "-oP", str(folder / "exim.pid")]
    with running(command, folder / "out", ports["mx"], folder / "exim.pid"):
        yield MailServer("Exim", ports, folder / "log" / "mainlog", authority)


def _places(ports: dict[str, int]) -> dict[str, object]:
    return {**{f"@{use.upper()}@": port for use, port in ports.items()}, "@USER@": USER, "@PASSWORD@": PASSWORD}


def open_to_all(folder: Path) -> None:
    """The folders above are the test runner's own; a server's users have to pass through them."""
    for above in (folder, *folder.parents):
        if above.stat().st_uid == os.geteuid() and above != Path("/"):
            above.chmod(above.stat().st_mode | 0o011)


@contextmanager
def running(command: list[str], log: Path, port: int, pid: Path, *, host: str = LOOPBACK) -> Iterator[None]:
    """The server, until the process that the file names is told to end, which ends all others of it."""
    with log.open("wb") as output, subprocess.Popen(command, stdout=output, stderr=output) as process:
        try:
            _wait_for((host, port), process, log)
            yield
        finally:
            with suppress(ProcessLookupError):  # it has ended by itself
                os.kill(int(pid.read_text("ascii")) if pid.exists() else process.pid, signal.SIGTERM)
            try:
                process.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                process.kill()


def _wait_for(place: tuple[str, int], process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with socket.create_connection(place, timeout=1) as connection:
                if connection.recv(3) == b"220":
                    connection.sendall(b"QUIT\r\n")
                    return
        except OSError:
            time.sleep(0.05)
    raise AssertionError(f"{command_of(process)} does not greet:\n{log.read_text('utf-8', 'replace')[-2000:]}")


def command_of(process: subprocess.Popen[bytes]) -> str:
    """What was started, as a person would type it."""
    assert isinstance(process.args, list)
    return " ".join(map(str, process.args))


ORDERED = ("AES128-SHA", "ECDHE-RSA-AES128-GCM-SHA256", "NULL-SHA", "ADH-AES256-SHA", "ECDHE-RSA-AES256-SHA384")
_POSTFIX = f"""\
compatibility_level = 3.6
queue_directory = {{folder}}/queue
data_directory = {{folder}}/data
daemon_directory = {POSTFIX_DAEMONS}
maillog_file = {{folder}}/mail.log
maillog_file_prefixes = {{folder}}
myhostname = {NAME}
mydestination = good.example
inet_interfaces = {LOOPBACK}
inet_protocols = ipv4
mynetworks =
local_recipient_maps = inline:{{{{ada=1,bob=1,later=1}}}}
local_transport = discard:
alias_maps =
smtpd_tls_chain_files = {{certificate}}
smtpd_tls_security_level = may
smtpd_tls_CAfile = {{folder}}/ca.pem
smtpd_tls_loglevel = 1
tls_server_sni_maps = inline:{{{{{{{{{SECOND}={{second}}}}}}}}}}
smtpd_peername_lookup = no
smtpd_recipient_restrictions = reject_unauth_destination,
  check_recipient_access inline:{{{{{{{{later@good.example=450 4.7.1 Greylisted, come again}}}}}}}}
message_size_limit = {{most}}
smtpd_sasl_local_domain = good.example
"""
_MASTER = f"""\
{LOOPBACK}:{{mx}} inet n - n - - smtpd -o smtpd_forbid_bare_newline=yes
{LOOPBACK}:{{lenient}} inet n - n - - smtpd
{LOOPBACK}:{{submission}} inet n - n - - smtpd
  -o smtpd_tls_security_level=encrypt -o smtpd_sasl_auth_enable=yes
  -o smtpd_recipient_restrictions=permit_sasl_authenticated,reject
{LOOPBACK}:{{ordered}} inet n - n - - smtpd -o smtpd_tls_chain_files={{rsa}}
  -o tls_preempt_cipherlist=yes -o smtpd_tls_ciphers=high -o tls_high_cipherlist={":".join(ORDERED)}:@SECLEVEL=0
{LOOPBACK}:{{every}} inet n - n - - smtpd -o smtpd_tls_chain_files={{rsa}} -o smtpd_tls_protocols=>=TLSv1
  -o smtpd_tls_ciphers=high -o tls_high_cipherlist=ALL:COMPLEMENTOFALL:@SECLEVEL=0
{LOOPBACK}:{{postscreen}} inet n - n - 1 postscreen
  -o postscreen_greet_action=drop -o postscreen_greet_wait=1s
{LOOPBACK}:{{guarded}} inet n - n - - smtpd
  -o smtpd_tls_security_level=encrypt -o smtpd_tls_req_ccert=yes
{LOOPBACK}:{{wrapped}} inet n - n - - smtpd
  -o smtpd_tls_wrappermode=yes -o smtpd_tls_security_level=encrypt -o smtpd_tls_req_ccert=yes
{LOOPBACK}:{{curious}} inet n - n - - smtpd -o smtpd_tls_ask_ccert=yes
smtpd pass - - n - - smtpd
dnsblog unix - - n - 0 dnsblog
tlsproxy unix - - n - 0 tlsproxy
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
discard unix - - n - - discard
anvil unix - - n - 1 anvil
postlog unix-dgram n - n - 1 postlogd
"""
_EXIM = f"""\
exim_path = {EXIM}
primary_hostname = {NAME}
spool_directory = @FOLDER@/spool
log_file_path = @FOLDER@/log/%slog
log_selector = +tls_cipher +smtp_connection +received_recipients
daemon_smtp_ports = @MX@ : @SUBMISSION@ : @PATIENT@
local_interfaces = {LOOPBACK}
tls_certificate = @CERTIFICATE@
tls_privatekey = @CERTIFICATE@
tls_advertise_hosts = *
message_size_limit = @MOST@
smtp_accept_max = 200
smtputf8_advertise_hosts = *
queue_only = true
pipelining_connect_advertise_hosts =
host_lookup =
rfc1413_hosts =
helo_allow_chars =
domainlist ours = good.example
auth_advertise_hosts = ${{if and{{{{eq{{$received_port}}{{@SUBMISSION@}}}}{{def:tls_in_cipher}}}}{{*}}{{}}}}
acl_smtp_connect = connect
acl_smtp_mail = mail
acl_smtp_rcpt = rcpt
acl_smtp_vrfy = vrfy
never_users = root

begin acl
connect:
  accept  condition = ${{if eq{{$received_port}}{{@PATIENT@}}}}
          delay = 1s
  accept
mail:
  deny    condition = ${{if and{{{{eq{{$received_port}}{{@SUBMISSION@}}}}{{!def:tls_in_cipher}}}}}}
          message = 530 5.7.0 Must issue a STARTTLS command first
  accept
rcpt:
  accept  authenticated = *
  deny    condition = ${{if eq{{$received_port}}{{@SUBMISSION@}}}}
          message = authentication required
  deny    !domains = +ours
          message = relay not permitted
  defer   local_parts = later
          message = 450 4.7.1 Greylisted, come again
  deny    !local_parts = ada : bob
          message = 5.1.1 no such user
  accept
vrfy:
  deny    message = 252 not told

begin routers
all:
  driver = redirect
  data = :blackhole:

begin authenticators
plain:
  driver = plaintext
  public_name = PLAIN
  server_prompts = :
  server_condition = ${{if and{{{{eq{{$auth2}}{{@USER@}}}}{{eq{{$auth3}}{{@PASSWORD@}}}}}}}}
  server_set_id = $auth2
login:
  driver = plaintext
  public_name = LOGIN
  server_prompts = <| Username: | Password:
  server_condition = ${{if and{{{{eq{{$auth1}}{{@USER@}}}}{{eq{{$auth2}}{{@PASSWORD@}}}}}}}}
  server_set_id = $auth1
"""
