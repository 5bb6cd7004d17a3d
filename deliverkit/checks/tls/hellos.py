"""Words for hellos of TLS and for what hosts answer them, which checks and tables share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deliverkit.checks.smtp.wording import ending
from deliverkit.checks.wording import count
from deliverkit.facts.smtp import Conversation

if TYPE_CHECKING:  # few runs try one after the other
    from deliverkit.facts.tls_version import TlsVersion


def hello_words(one: Conversation) -> str:
    """What the host answered, as a clause."""
    answer = one.transcript.hello
    if answer is None:
        return f"it did not come to that: the host {ending(one)}"
    if answer.failure:
        return answer.failure
    from deliverkit.standards.tls.suites import suite_name  # which few runs need

    return f"the host takes {suite_name(answer.suite)}"


def ending_words(one: TlsVersion) -> str:
    """Why a host may take more suites than are known, as a clause."""
    if one.has_more:
        return f"no more than {count(len(one.suites), 'suite')} {'was' if len(one.suites) == 1 else 'were'} asked for"
    last = one.further[-1] if one.further else one.conversation
    return f"after {count(len(one.suites), 'suite')}, {hello_words(last)}"


def words_of(one: TlsVersion) -> str:
    """The host and the version."""
    from deliverkit.standards.tls.suites import version_name  # which few runs need

    return f"{one.conversation.host.endpoint}, {version_name(one.version)}"
