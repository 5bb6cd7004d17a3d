"""The message of a seed test, and which test in the journal goes on with it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from deliverkit.errors import UsageError
from deliverkit.observations.mailbox import FileAccess
from deliverkit.observations.seeds import Sending, Stage
from deliverkit.seeds.journal import open_journal
from deliverkit.seeds.mailing import mailing_of
from deliverkit.seeds.plan import new_test
from deliverkit.seeds.seedfile import Seed

MESSAGE = b"From: Shop <news@shop.example>\r\nSubject: sale\r\n\r\nHello\r\n"


def test_what_is_left_to_send_is_a_test_s_that_is_sent_from_here_and_of_this_message(tmp_path: Path) -> None:
    mailing, moment = mailing_of(MESSAGE), datetime(2026, 11, 25, 12, tzinfo=UTC)
    seeds = [Seed("ada@seed.example", "Seed", FileAccess("maildir", "/m"))]
    own, others = (new_test(mailing.campaign("sale"), seeds, moment + timedelta(hours=hour)) for hour in (0, 1))
    with open_journal(tmp_path / "j") as journal:
        assert mailing.unfinished(journal, "sale") is None
        journal.add_test(own)
        journal.add_test(replace(others, is_external=True, digest=""))
        found = mailing.unfinished(journal, "sale")
        assert found is not None
        assert found.token == own.token, "a platform sends the newer one"
        with pytest.raises(UsageError, match="is not the one that sale began with"):
            mailing_of(MESSAGE + b"more").unfinished(journal, "sale")
        sending = Sending(moment, Stage.ENDED, moment, 250, "2.0.0 ok", step="message")
        journal.begin(own.copies[0].token, moment)
        journal.end(own.copies[0].token, sending)
        assert mailing.unfinished(journal, "sale") is None
