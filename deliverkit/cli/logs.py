"""What is kept of conversations as they end: a log, a line of JSON for each, and the last one as a script."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TextIO

from deliverkit.cli.writing import LOG, is_written, refuse_no_name, refuse_others, write_text
from deliverkit.clients.recorded import Note
from deliverkit.errors import ScriptError, UsageError
from deliverkit.facts.smtp import Conversation
from deliverkit.facts.smtp_host import SmtpHost
from deliverkit.observations.smtp import End, Transcript
from deliverkit.script import format_script
from deliverkit.script.recording import record
from deliverkit.transcripts import format_transcript

SCHEMA = 1


@contextmanager
def logging_to(name: str, script: str) -> Iterator[Note]:
    """What appends a line for each conversation that it is told of, and flushes it.

    Raises:
        UsageError: the file cannot be appended to, before anything is sent or at a line.
    """
    refuse_no_name(name)
    refuse_others(name, LOG)
    try:
        file = Path(name).open("a", encoding="utf-8")  # noqa: SIM115 - the log closes it
    except OSError as error:
        raise UsageError(f"{name} cannot be written: {error.strerror}") from None
    log = _Log(file, script)
    try:
        yield log.note
    finally:
        log.close()
    if log.failure:
        raise UsageError(f"{name} could not be written: {log.failure}")


class _Log:
    """A log that is open. ``failure`` says why lines are missing in it; the conversations go on."""

    def __init__(self, file: TextIO, script: str) -> None:
        self.failure = ""
        self._file = file
        self._script = script

    def note(self, transcript: Transcript, target: str) -> None:
        """Append the conversation's line."""
        if transcript.end is End.UNRECORDED or self.failure:
            return
        try:
            self._file.write(json.dumps(log_line(transcript, self._script, target, datetime.now(UTC))) + "\n")
            self._file.flush()
        except OSError as error:
            self.failure = str(error.strerror)

    def close(self) -> None:
        """Close the file; what could not be written before cannot be now."""
        try:
            self._file.close()
        except OSError as error:
            self.failure = self.failure or str(error.strerror)


def log_line(transcript: Transcript, script: str, target: str, moment: datetime) -> dict[str, Any]:
    """A conversation as a line of the log. Keys may be added under the same schema.

    ``target`` is as it was given, ``moment`` when the conversation ended.
    """
    held = format_transcript(transcript)
    one = _conversation(transcript)
    shake = held["handshake"]
    return {
        "deliverkit_log": SCHEMA,
        "ended": moment.isoformat(timespec="milliseconds"),
        "script": script,
        "target": target,
        "host": transcript.call.host,
        "address": transcript.call.address,
        "port": transcript.call.port,
        "end": held["end"],
        "detail": transcript.detail,
        "elapsed_ms": round(transcript.elapsed * 1000, 3),
        "codes": list(one.codes),
        "accepted": one.has_delivered,
        "tls": shake and {key: value for key, value in shake.items() if key != "certificates"},
        "unmet": held["unmet"],
        "entries": held["entries"],
    }


def record_last(transcripts: Iterable[Transcript], name: str) -> str:
    """Write the last conversation that came about as a script; gives what to say of it.

    Raises:
        UsageError: there is none, or it cannot be written.
    """
    held = [one for one in transcripts if not one.end.is_unconnected]
    if not held:
        raise UsageError(f"{name} is not written: no conversation came about")
    endpoint = _conversation(held[-1]).host.endpoint
    try:
        script = format_script(record(held[-1]))
    except ScriptError as error:
        raise UsageError(f"{name} is not written, the conversation is no script: {error}") from None
    before = ", in place of the one that was there" if is_written(name) else ""
    write_text(name, script.removesuffix("\n"))
    rest = f", the last of {len(held)}," if len(held) > 1 else ""
    needed = " (its message is a file: give it with --message FILE)" if "@{message}" in script else ""
    return f"the conversation with {endpoint}{rest} is recorded in {name}{before}{needed}"


def _conversation(transcript: Transcript) -> Conversation:
    call = transcript.call
    return Conversation(SmtpHost(call.host, call.address, call.port), transcript)
