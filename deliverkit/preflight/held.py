"""Which seed test in the journal is a campaign's: with its message, on its way, to its mailboxes, not too old."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from deliverkit.classes import Frozen
from deliverkit.errors import UsageError
from deliverkit.gate import VALID_FOR
from deliverkit.observations.seeds import SeedTest
from deliverkit.preflight.campaign import Campaign
from deliverkit.seeds.journal import Journal
from deliverkit.seeds.mailing import Mailing
from deliverkit.seeds.plan import path_of
from deliverkit.seeds.relay import Relay
from deliverkit.seeds.seedfile import SeedFile


def campaign_path(campaign: Campaign, lab: str) -> dict[str, str]:
    """The way of a campaign's seed test, as the journal keeps it."""
    plan = campaign.seeds
    known = {
        "sending_addresses": ", ".join(map(str, campaign.senders)),
        "helo": campaign.helo,
        "selectors": ", ".join(campaign.selectors),
    }
    if plan.is_external:
        return {**known, "mail_from": campaign.mail_from, "relay": "your platform", "lab": lab}
    relay = Relay(plan.relay, plan.relay_tls)
    return {**known, **path_of(campaign.mail_from or campaign.author, relay, lab)}


class Wanted(Frozen):
    """What a seed test has to be like for it to say something of the campaign."""

    campaign: Campaign
    file: SeedFile
    mailing: Mailing
    path: Mapping[str, str]
    now: datetime

    def held(self, journal: Journal) -> SeedTest | None:
        """The newest test of the campaign's name that still says something of it.

        Raises:
            UsageError: the campaign names a test, and that says nothing of it.
        """
        named = self.campaign.seeds.test
        name = named or self.campaign.name
        found = [test for test in reversed(journal.tests()) if name in {test.name, test.token}]
        whole = [journal.find(test.token) for test in found if not self._why_another(test)]
        own = next((test for test in whole if not self._why_elsewhere(test)), None)
        if own is not None or not named:
            return own
        if not found:
            raise self._unknown()
        why = self._why_another(found[0]) or self._why_elsewhere(journal.find(found[0].token))
        raise UsageError(f"{named} says nothing of this campaign: {why}")

    def refuse_unknown(self, journal: Journal) -> None:
        """See that the journal knows the test that the campaign names, whatever it says of it.

        Raises:
            UsageError: it does not.
        """
        named = self.campaign.seeds.test
        if named and not any(named in {test.name, test.token} for test in journal.tests()):
            raise self._unknown()

    def _unknown(self) -> UsageError:
        return UsageError(
            f"{self.campaign.path}, [seeds] test: there is no test {self.campaign.seeds.test!r} in the journal: name "
            "one that deliverkit seed history lists, or leave test out, so that one is made"
        )

    def _why_another(self, test: SeedTest) -> str:
        """Why it is another campaign's, as far as the test itself tells; empty if it is this one's."""
        if self.now - test.started >= VALID_FOR:
            return f"it is older than {VALID_FOR // timedelta(hours=1)} h"
        if not self._has_message(test):
            return "it was made with another message"
        differs = next((key for key, was in test.path.items() if self.path.get(key, "") != was), "")
        return f"it went another way ({differs} was {test.path[differs] or 'not given'})" if differs else ""

    def _has_message(self, test: SeedTest) -> bool:
        """Whether it was made with this message; of one that a platform sent only the subject may be known."""
        if test.digest or not test.is_external:
            return test.digest == self.mailing.digest
        return (test.subject, test.from_domain) == (self.mailing.subject, self.mailing.from_domain)

    def _why_elsewhere(self, test: SeedTest) -> str:
        """Why its mailboxes are not the campaign's; empty if they are."""
        same = {copy.address for copy in test.copies} == {seed.address for seed in self.file.seeds}
        return "" if same else f"{self.file.path} names other mailboxes by now"
