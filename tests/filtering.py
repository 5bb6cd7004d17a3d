"""A real rspamd from Debian as a milter, on loopback, from a configuration folder of its own.

It knows SPF, DKIM, DMARC and its test patterns, asks nobody but the name server that it is given, and keeps nothing.
Where it is not installed, `missing_rspamd` says so.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.mail_servers import open_to_all
from tests.servers import LOOPBACK, PATIENCE, free_port, missing, program, wait_for_listener

USER = "_rspamd"
# By the first a message is refused, by the second it is marked as spam: the patterns that rspamd has for tests.
SUSPECT = "riches beyond measure"  # what a rule of this configuration gives seven points for
REFUSED = "XJS*C4JDBQADN1.NSBN3*2IDNEN*GTUBE-STANDARD-ANTI-UBE-TEST-EMAIL*C.34X"
MARKED = "YJS*C4JDBQADN1.NSBN3*2IDNEN*GTUBE-STANDARD-ANTI-UBE-TEST-EMAIL*C.34X"


def missing_rspamd() -> str:
    """What is missing to run it; empty: nothing."""
    if missing("rspamd"):
        return "rspamd"
    return "" if os.geteuid() == 0 else "root, whom mail servers need"


@dataclass(frozen=True)
class Filter:
    """A filter that runs: its port and its log."""

    port: int
    log: Path


@contextmanager
def rspamd(folder: Path, name_server: int) -> Iterator[Filter]:
    """Rspamd, which asks the name server at this port of loopback."""
    folder.mkdir(parents=True)
    open_to_all(folder)
    shutil.chown(folder, USER, USER)
    port = free_port()
    (folder / "suffixes").write_text("example\n", "ascii")  # to compile all that there are takes ten seconds
    configuration = folder / "rspamd.conf"
    configuration.write_text(
        _CONFIGURATION.replace("@FOLDER@", str(folder))
        .replace("@PORT@", str(port))
        .replace("@NAME_SERVER@", f"{LOOPBACK}:{name_server}"),
        "utf-8",
    )
    command = [program("rspamd"), "-f", "-c", str(configuration), "-u", USER, "-g", USER]
    with (folder / "out").open("wb") as out, subprocess.Popen(command, stdout=out, stderr=out) as process:
        try:
            wait_for_listener(process, port, folder / "out", folder / "log")
            yield Filter(port, folder / "log")
        finally:
            process.terminate()
            try:
                process.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                process.kill()


# Loopback is looked at as any other address: here the senders are there.
_CONFIGURATION = """
options {
  pidfile = "@FOLDER@/pid";
  filters = "dkim,regexp";
  cache_file = "@FOLDER@/symbols.cache";
  dynamic_conf = "@FOLDER@/dynamic";
  history_file = "@FOLDER@/history";
  history_rows = 10;
  control_socket = "@FOLDER@/control mode=0600";
  hs_cache_dir = "@FOLDER@/";
  tempdir = "@FOLDER@";
  url_tld = "@FOLDER@/suffixes";
  enable_test_patterns = true;
  allow_raw_input = true;
  task_timeout = 8s;
  dns { timeout = 2s; retransmits = 2; sockets = 1; nameserver = ["@NAME_SERVER@"]; }
}
logging { type = "file"; filename = "@FOLDER@/log"; level = "info"; }
worker "rspamd_proxy" {
  bind_socket = "127.0.0.1:@PORT@";
  milter = yes;
  count = 1;
  spam_header = "X-Spam";
  upstream "local" { default = yes; self_scan = yes; hosts = "localhost"; }
}
worker "normal" { enabled = false; }
worker "controller" { enabled = false; }
worker "fuzzy" { enabled = false; }
actions { reject = 15; add_header = 6; }
modules { path = "/usr/share/rspamd/plugins"; }
lua = "/usr/share/rspamd/rules/rspamd.lua";
regexp { PROMISES_RICHES { re = "/riches beyond measure/i{sa_raw_body}"; score = 7.0; } }
spf { check_local = true; }
dkim { check_local = true; time_jitter = 1s; }
dmarc { check_local = true; }
milter_headers {
  skip_local = false;
  use = ["authentication-results", "x-spamd-result", "x-spam-level", "x-spam-status"];
}
"""
