"""What the journal's rows hold: values as JSON, and back; what is not of that form raises as reading it does."""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from datetime import UTC, datetime
from typing import Any

from deliverkit.observations.mailbox import Arrival, Folder, FolderClass
from deliverkit.observations.seeds import Bounce, SeedTest, Sending, Stage
from deliverkit.transcripts import parse_transcript


def read_moment(text: str) -> datetime:
    """The moment, in UTC where it names no zone."""
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def read_test(token: str, started: str, data: str) -> SeedTest:
    """The test, without its copies."""
    value = json.loads(data)
    return SeedTest(
        name=str(value["name"]),
        token=token,
        started=read_moment(started),
        is_external=bool(value["is_external"]),
        subject=str(value["subject"]),
        from_domain=str(value["from_domain"]),
        digest=str(value["digest"]),
        path={str(key): str(said) for key, said in value.get("path", {}).items()},
    )


def read_sending(begun: str, stage: str, data: str) -> Sending:
    """One try to hand a copy over."""
    value = json.loads(data)
    return Sending(
        begun=read_moment(begun),
        stage=Stage(stage),
        ended=read_moment(value["ended"]) if value["ended"] else None,
        code=int(value["code"]),
        reply=str(value["reply"]),
        transcript=parse_transcript(value["transcript"]) if value["transcript"] else None,
        step=str(value["step"]),
        is_relayed=bool(value.get("is_relayed", False)),
    )


def arrival_data(arrival: Arrival) -> dict[str, Any]:
    """What is kept of an arrival; `read_arrival` reads it."""
    return {
        **arrival._asdict(),
        "folder": [arrival.folder.name, arrival.folder.kind.value, arrival.folder.reason],
        "arrived": arrival.arrived.isoformat(),
        "seen": arrival.seen.isoformat(),
        "header": b64encode(arrival.header).decode(),
        "body": "",  # only bounces are read whole, and what they say is kept by itself
    }


def read_arrival(value: dict[str, Any]) -> Arrival:
    """Where a copy was seen."""
    name, kind, reason = value["folder"]
    return Arrival(
        folder=Folder(str(name), FolderClass(kind), str(reason)),
        uid=int(value["uid"]),
        uid_validity=int(value["uid_validity"]),
        arrived=read_moment(value["arrived"]),
        seen=read_moment(value["seen"]),
        size=int(value["size"]),
        header=b64decode(value["header"], validate=True),
        tab=str(value["tab"]),
    )


def read_bounce(value: dict[str, Any]) -> Bounce:
    """What a notification said of a copy."""
    words = (str(value[key]) for key in ("action", "status", "diagnostic", "reporter"))
    return Bounce(read_moment(value["seen"]), *words)
