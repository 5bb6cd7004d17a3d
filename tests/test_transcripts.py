"""Transcripts in case files: saved and read again, they are the same."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deliverkit.case import Case, format_case, parse_case
from deliverkit.classes import replace
from deliverkit.clients.smtp import Session
from deliverkit.errors import UsageError
from deliverkit.facts.conversing import Conversing
from deliverkit.observations.smtp import Call, End, Entry, Handshake, Kind, Transcript, Unmet
from deliverkit.script import load
from deliverkit.transcripts import format_transcript, parse_transcript
from tests.talking import CLOCK, leave, secure, talk


async def secure_and_leave(session: Session) -> None:
    await secure(session)
    await leave(session)


def saved(transcript: Transcript) -> Transcript:
    case = Case(CLOCK, "domain", (), {}, transcripts={transcript.call: transcript})
    [found] = parse_case(format_case(case), name="case").transcripts.values()
    return found


@pytest.mark.parametrize("manner", [{}, {"certificate": "expired"}, {"do": "controls"}, {"do": "silent"}])
def test_a_conversation_saved_is_the_same_again(manner: dict[str, str]) -> None:
    held = talk(secure_and_leave, **manner)  # type: ignore[arg-type]
    assert saved(held) == held


OCTETS = st.binary(max_size=20)
TRANSCRIPTS = st.builds(
    Transcript,
    st.builds(Call, st.text(max_size=9), st.text(max_size=9), st.integers(0, 65535), st.text(max_size=9)),
    st.lists(
        st.builds(
            Entry,
            st.integers(0, 10**9).map(lambda microseconds: round(microseconds / 1e6, 6)),
            st.sampled_from(Kind),
            OCTETS,
            st.booleans(),
            st.integers(0, 99),
        ),
        max_size=4,
    ).map(tuple),
    st.sampled_from(End),
    st.text(max_size=9),
    st.none() | st.builds(Handshake, certificates=st.lists(OCTETS, max_size=2).map(tuple), untrusted=st.text()),
    st.lists(st.builds(Unmet, st.integers(0, 9), st.text(max_size=9), st.text(max_size=9)), max_size=2).map(tuple),
)


@given(TRANSCRIPTS)
def test_any_transcript_is_the_same_again(transcript: Transcript) -> None:
    assert parse_transcript(json.loads(json.dumps(format_transcript(transcript)))) == transcript


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
)


@given(st.sampled_from(["host", "port", "script", "end", "entries", "handshake", "unmet"]), JSON)
def test_a_spoilt_transcript_is_refused_or_read(key: str, value: object) -> None:
    document = json.loads(format_case(Case(CLOCK, "domain", (), {})))
    transcript = Transcript(Call("mx.a.example", "11.0.1.25", 25, "< 220"), (Entry(0.1, Kind.CONNECTED),))
    document["smtp"] = [{**format_transcript(transcript), key: value}]
    text = json.dumps(document)
    try:
        case = parse_case(text, name="x.json")
    except UsageError:
        with pytest.raises(UsageError, match=r"x\.json is no case file"):
            parse_case(text, name="x.json")
    else:
        assert format_case(case)


def test_a_case_without_conversations_is_read() -> None:
    document = json.loads(format_case(Case(CLOCK, "domain", (), {})))
    del document["smtp"]
    assert parse_case(json.dumps(document), name="x.json").transcripts == {}


def test_a_case_keeps_the_script_by_which_its_conversations_were_held() -> None:
    """A script that ships may have another text in the version that judges the case again."""
    held = Transcript(Call("mx1.good.example", "11.0.1.25", 25, "< 220\n"))
    case = Case(CLOCK, "domain", (), {}, transcripts={held.call: held}, conversing=Conversing("probe"))
    assert parse_case(format_case(case), name="case").conversing.text == load("probe").text
    own = replace(case, conversing=Conversing("mine", "< 220\n"))
    assert parse_case(format_case(own), name="case").conversing.text == "< 220\n"
    silent = replace(case, transcripts={})
    assert parse_case(format_case(silent), name="case").conversing.text == ""
