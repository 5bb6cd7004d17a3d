"""``deliverkit.toml``: what is expected of the domains, how much faults matter, and which are waived until when."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

from deliverkit.classes import Frozen, field, replace
from deliverkit.errors import UsageError
from deliverkit.facts import Expectations
from deliverkit.model import Severity, Waiver
from deliverkit.profiles import PROFILES, Profile, codes_of
from deliverkit.standards.names import parse_domain
from deliverkit.tables import BadTableError, parse_tables, refuse_unknown, table_at, tables_at

_KEYS = ("profile", "expectations", "severities", "waivers")
_WAIVER_KEYS = ("check", "reason", "until", "domain")
_SEVERITIES = {severity.word: severity for severity in Severity}


class Config(Frozen):
    """What a file says. ``severities`` is by code."""

    path: Path
    profile: str | None = None
    expectations: Mapping[str, object] = field(default_factory=dict)
    severities: Mapping[str, Severity] = field(default_factory=dict)
    waivers: tuple[Waiver, ...] = ()

    def applied_to(self, profile: Profile) -> Profile:
        """The profile as this configuration wants it."""
        return replace(
            profile,
            expectations=replace(profile.expectations, **self.expectations),  # type: ignore[arg-type]
            severities={**profile.severities, **self.severities},
            waivers=self.waivers,
        )


def parse_config(text: str, *, path: Path) -> Config:
    """The configuration that the TOML text describes.

    Raises:
        UsageError: it describes none; says where.
    """
    return parse_tables(text, path, lambda table: _parse(table, path))


def _parse(table: dict[str, Any], path: Path) -> Config:
    refuse_unknown(table, _KEYS, "the file")
    profile = table.get("profile")
    if profile is not None and profile not in PROFILES:
        raise BadTableError(f"profile {profile!r}: choose one of {', '.join(PROFILES)}")
    return Config(
        path=path,
        profile=profile,
        expectations=_expectations(table_at(table, "expectations")),
        severities=dict(_severity(word, value) for word, value in table_at(table, "severities").items()),
        waivers=waivers_of(table),
    )


def waivers_of(table: dict[str, Any]) -> tuple[Waiver, ...]:
    """The waivers of a file's ``[[waivers]]``."""
    return tuple(_waiver(entry, number) for number, entry in enumerate(tables_at(table, "waivers"), 1))


def _expectations(table: dict[str, Any]) -> dict[str, object]:
    """The values of the fields of `Expectations`: yes or no, a text, or a list of texts, as the field is."""
    usual: dict[str, object] = {name: getattr(Expectations(), name) for name in Expectations.__match_args__}
    refuse_unknown(table, usual, "[expectations]")
    return {key: _read(key, _expected(key, value, usual[key])) for key, value in table.items()}


def _expected(key: str, value: object, usual: object) -> object:
    if isinstance(usual, bool) and isinstance(value, bool):
        return value
    if isinstance(usual, str) and isinstance(value, str):
        return value
    if isinstance(usual, tuple) and isinstance(value, list) and all(isinstance(one, str) for one in value):
        return tuple(value)
    wanted = {bool: "true or false", str: "a text", tuple: "a list of texts"}[type(usual)]
    raise BadTableError(f"[expectations] {key}: {value!r} is not {wanted}")


def _read(key: str, value: object) -> object:
    """The value as the field holds it."""
    read = _readers().get(key)
    if read is None:
        return value
    try:
        return tuple(map(read, value)) if isinstance(value, tuple) else read(str(value))
    except UsageError as error:
        raise BadTableError(f"[expectations] {key}: {error}") from None


def _readers() -> Mapping[str, Callable[[str], object]]:
    """What reads the texts of those fields of `Expectations` whose texts have a form."""
    from deliverkit.standards.dkim.signature import checked_selector
    from deliverkit.standards.senders import parse_helo, parse_mail_from, parse_sender

    return {
        "senders": parse_sender,
        "mail_from": parse_mail_from,
        "helo": parse_helo,
        "selectors": checked_selector,
    }


def _severity(word: str, value: object) -> tuple[str, Severity]:
    code = _code(word, "[severities]")
    if not isinstance(value, str) or value not in _SEVERITIES:
        raise BadTableError(f"[severities] {word}: {value!r}: choose one of {', '.join(_SEVERITIES)}")
    return code, _SEVERITIES[value]


def _waiver(table: dict[str, Any], number: int) -> Waiver:
    where = f"waiver {number}"
    refuse_unknown(table, _WAIVER_KEYS, where)
    code, reason, until = _code(table.get("check"), where), table.get("reason"), table.get("until")
    if not isinstance(reason, str) or not reason.strip():
        raise BadTableError(f'{where}: say why, as in reason = "no IPv6 before spring"')
    if isinstance(until, datetime) or not isinstance(until, date):
        raise BadTableError(f"{where}: say until which day, as in until = 2027-03-31")
    return Waiver(code, reason.strip(), until, _domain(table.get("domain"), where))


def _domain(text: object, where: str) -> str:
    if text is None:
        return ""
    try:
        return parse_domain(str(text))
    except UsageError as error:
        raise BadTableError(f"{where}, domain: {error}") from None


def _code(word: object, where: str) -> str:
    """The code of the one check that a code or a name means."""
    try:
        [code] = codes_of(str(word or ""))
    except UsageError as error:
        raise BadTableError(f"{where}: {error}") from None
    except ValueError:
        raise BadTableError(f"{where}: {word!r} is an area: name its checks one by one") from None
    return code
