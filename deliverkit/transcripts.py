"""Transcripts ⇄ JSON values. Octets stand as characters of the same numbers, so that a case file can be read."""

from __future__ import annotations

from base64 import b64decode, b64encode
from typing import Any

from deliverkit.observations.smtp import Call, End, Entry, Handshake, HelloAnswer, Kind, LeftOut, Transcript, Unmet


def format_transcript(transcript: Transcript) -> dict[str, Any]:
    """The transcript as a JSON value."""
    return {
        **transcript.call._asdict(),
        "end": transcript.end.value,
        "detail": transcript.detail,
        "entries": [_format_entry(entry) for entry in transcript.entries],
        "handshake": _format_handshake(transcript.handshake) if transcript.handshake else None,
        "unmet": [one._asdict() for one in transcript.unmet],
        **({"hello": transcript.hello._asdict()} if transcript.hello else {}),
        **({"part_sent": True} if transcript.is_part_sent else {}),
    }


def parse_transcript(value: dict[str, Any]) -> Transcript:
    """The transcript that the JSON value holds; `KeyError`, `TypeError` or `ValueError` where it holds none."""
    return Transcript(
        call=Call(str(value["host"]), str(value["address"]), int(value["port"]), str(value["script"])),
        entries=tuple(_parse_entry(entry) for entry in value["entries"]),
        end=End(value["end"]),
        detail=str(value["detail"]),
        handshake=_parse_handshake(value["handshake"]) if value["handshake"] else None,
        unmet=tuple(map(_parse_unmet, value["unmet"])),
        hello=_parse_hello(value["hello"]) if "hello" in value else None,
        is_part_sent=bool(value.get("part_sent", False)),
    )


def _parse_unmet(value: dict[str, Any]) -> Unmet:
    return Unmet(int(value["line"]), str(value["wanted"]), str(value["got"]), str(value.get("value", "")))


def _format_entry(entry: Entry) -> dict[str, Any]:
    return {
        "elapsed_ms": round(entry.elapsed * 1000, 3),
        "kind": entry.kind.value,
        "data": entry.data.decode("latin-1"),
        "secure": entry.secure,
        "line": entry.line,
        **({"left_out": entry.left_out._asdict()} if entry.left_out else {}),
    }


def _parse_entry(value: dict[str, Any]) -> Entry:
    elapsed = round(float(value["elapsed_ms"]) / 1000, 6)  # what a session notes
    data = str(value["data"]).encode("latin-1")
    left_out = _parse_left_out(value["left_out"]) if "left_out" in value else None
    return Entry(elapsed, Kind(value["kind"]), data, bool(value["secure"]), int(value["line"]), left_out)


def _parse_left_out(value: dict[str, Any]) -> LeftOut:
    return LeftOut(int(value["at"]), int(value["octets"]), str(value["sha256"]))


def _parse_hello(value: dict[str, Any]) -> HelloAnswer:
    return HelloAnswer(str(value["version"]), int(value["suite"]), str(value["failure"]))


def _format_handshake(handshake: Handshake) -> dict[str, Any]:
    certificates = [b64encode(one).decode() for one in handshake.certificates]
    kept = {key: value for key, value in handshake._asdict().items() if key != "roots" or value}
    return {**kept, "certificates": certificates}


def _parse_handshake(value: dict[str, Any]) -> Handshake:
    return Handshake(
        version=str(value["version"]),
        cipher=str(value["cipher"]),
        server_name=str(value["server_name"]),
        certificates=tuple(b64decode(str(one), validate=True) for one in value["certificates"]),
        untrusted=str(value["untrusted"]),
        failure=str(value["failure"]),
        discarded=int(value["discarded"]),
        roots=str(value.get("roots", "")),
    )
