"""DNS blocklists (RFC 5782): what the answers for a list's test points say of the list.

A list holds an entry that is always listed and one that never is, so that a reader can tell a list that works from
one that refuses him, has died, or lists the whole world.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from ipaddress import ip_address, ip_network

from deliverkit.observations import Answer

_LISTED = ip_network("127.0.0.0/8")  # RFC 5782 §2.1
_ERRORS = ip_network("127.255.255.0/24")  # no listing on any list: the reader did something that it does not serve


class ListState(enum.StrEnum):
    """Whether a list's answers count."""

    ANSWERS = "answers"
    REFUSES = "refuses"
    UNUSABLE = "unusable"
    UNKNOWN = "unknown"


def judge_test_points(listed: Answer, unlisted: Answer, refusals: Mapping[str, str]) -> tuple[ListState, str]:
    """The list's state, and why; ``refusals`` are the answers by which it turns readers away, with their meaning."""
    for answer in (listed, unlisted):
        said = _refusal(answer, refusals)
        if said:
            return ListState.REFUSES, said
    for answer in (listed, unlisted):
        if not answer.status.is_definite:
            return ListState.UNKNOWN, f"{answer.name} A: {answer.status}"
    foreign = [record.data for record in (*listed.records, *unlisted.records) if not _is_listing(record.data)]
    if foreign:
        return ListState.UNUSABLE, f"answers {foreign[0]}, which no blocklist does"
    if unlisted.records:  # RFC 5782 §5
        return ListState.UNUSABLE, "lists its test point that is never listed, so it lists everything"
    if not listed.records:
        return ListState.UNUSABLE, "does not list its test point that always is: it is dead, or turns you away unsaid"
    return ListState.ANSWERS, ""


def _refusal(answer: Answer, refusals: Mapping[str, str]) -> str:
    """Why the list turns the reader away; empty where it does not."""
    codes = [record.data for record in answer.records]
    named = [refusals[code] for code in codes if code in refusals]
    unnamed = ["an error code, not a listing" for code in codes if ip_address(code) in _ERRORS]
    return next(iter([*named, *unnamed]), "")


def _is_listing(code: str) -> bool:
    return ip_address(code) in _LISTED
