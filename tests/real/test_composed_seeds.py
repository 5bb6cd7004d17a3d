"""A seed test that composes its message, against real servers: signed, filed, read again, and killed between copies."""

from __future__ import annotations

import os
import re
import signal
from email import message_from_string
from email.message import EmailMessage
from email.policy import default
from functools import partial
from pathlib import Path

import pytest

from tests.seed_campaign import HELO, Campaign
from tests.seed_rig import BENIGN, BOXES, RETURNS, SENDER, Rig, missing_rig

WHY = missing_rig()
pytestmark = pytest.mark.skipif(
    bool(WHY) and os.environ.get("CI") != "true", reason=f"{WHY} is not there: make servers"
)
TEXT = "Dobrý den,\n\n.tečka na začátku řádky, a jedna dlouhá: " + "jaro " * 300 + "\n"
UNSUBSCRIBE = f"<mailto:u@shop.example>, <https://shop.example/u?{'0123456789' * 20}>"
PDF = bytes(range(256)) * 20


class Composed(Campaign):
    """A campaign whose message is composed by options."""

    @property
    def sending(self) -> tuple[str, ...]:
        """The command that composes it, and sends it straight to its mail host, signed."""
        parts = ("--text", "spring.txt", "--html", "spring.html", "--attach", "nabídka.pdf", "--subject", self.subject)
        header = ("--header", f"List-Unsubscribe: {UNSUBSCRIBE}", "--from", f'"Obchod, žlutý" <{SENDER}>')
        signing = ("--dkim-key", str(self.rig.keys["shop.example"]), "--dkim-selector", "s1")
        envelope = ("--mail-from", RETURNS, "--helo", HELO, "--rate", "600")
        return ("seed", "send", *parts, *header, "--journal", "journal", *self.rig.asking, *envelope, *signing)


def composed(rig: Rig, folder: Path, names: tuple[str, ...], subject: str) -> Composed:
    """The campaign, with the files that it is made of."""
    made = Composed(rig, folder, names, subject)
    (folder / "spring.txt").write_text(TEXT, "utf-8")
    (folder / "spring.html").write_text("<p>Dobrý den</p>\n", "utf-8")
    (folder / "nabídka.pdf").write_bytes(PDF)
    return made


def stored(rig: Rig, name: str, token: str) -> EmailMessage:
    """The copy as Dovecot has it."""
    text = rig.store.doveadm("fetch", "-u", BOXES[name].address, "text", "HEADER", "X-Deliverkit-Seed", token)
    found = message_from_string(text.partition("text:\n")[2], policy=default)
    assert isinstance(found, EmailMessage)
    return found


def test_it_arrives_as_it_was_composed_and_its_signature_holds(
    rig: Rig, tmp_path_factory: pytest.TempPathFactory
) -> None:
    campaign = composed(rig, tmp_path_factory.mktemp("composed"), ("attributed", "bulk"), "Jarní výprodej")
    sent = campaign.send()
    assert sent.returncode == 0, sent.stdout + sent.stderr
    for name, copy in campaign.copies().items():
        rig.wait_for(partial(rig.stored, copy.token), "the copy is filed")
        found = stored(rig, name, copy.token)
        assert found["From"].addresses[0].display_name == "Obchod, žlutý"
        assert (found["From"].addresses[0].addr_spec, found["Subject"]) == (SENDER, "Jarní výprodej")
        assert found["List-Unsubscribe"] == UNSUBSCRIBE
        plain, html, pdf = [part for part in found.walk() if not part.is_multipart()]
        assert plain.get_content().replace("\r\n", "\n") == TEXT
        assert html.get_content().strip() == "<p>Dobrý den</p>"
        assert (pdf.get_filename(), pdf.get_content_type(), pdf.get_content()) == (
            "nabídka.pdf",
            "application/pdf",
            PDF,
        )
        assert "dkim=pass" in found["Authentication-Results"]
        faults = re.findall(r"\b\w*(?:MISSING|INVALID|BROKEN|BAD|NEEDS_ENCODING|EXCESS)\w*", found["X-Spamd-Result"])
        assert faults == [], "rspamd finds its form good"


def test_killed_between_copies_the_same_options_go_on_and_nothing_goes_out_twice(
    rig: Rig, tmp_path_factory: pytest.TempPathFactory
) -> None:
    campaign = composed(rig, tmp_path_factory.mktemp("composed-killed"), BENIGN, "Zabitý")
    for lines in (1, 2, 2):
        campaign.stop_after(lines, signal.SIGKILL, *campaign.sending)
    with_another = campaign.send("--header", "X-Other: 1")
    assert with_another.returncode == 2
    assert "the message is not the one that Zabitý began with" in with_another.stderr
    ended = campaign.send()
    copies = campaign.test().copies
    times = {copy.token: len(rig.queue_ids(copy.token)) for copy in copies}
    assert len(copies) == len(BENIGN)
    assert set(times.values()) <= {0, 1}, times
    sure = [copy for copy in copies if any(one.is_accepted for one in copy.sendings)]
    assert sure, ended.stdout
    assert all(times[copy.token] == 1 for copy in sure)
    assert all(copy.sendings for copy in copies), ended.stdout
