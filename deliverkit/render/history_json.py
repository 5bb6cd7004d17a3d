"""The history of seed tests as JSON, schema 1."""

from __future__ import annotations

import json

from deliverkit.difference import Comparison
from deliverkit.facts.placement_history import Change, PastTest, PlacementHistory
from deliverkit.render.json import SCHEMA, Json, differences, safe
from deliverkit.render.placement_json import interval, summary
from deliverkit.version import __version__


def render_history_json(history: PlacementHistory, *, name: str, dns: Comparison | None) -> str:
    """One document."""
    document = {
        "schema": SCHEMA,
        "deliverkit": __version__,
        "name": name,
        "wanted": history.wanted,
        "tests": [_test(one, change) for one, change in zip(history.tests, history.changes, strict=True)],
        "last_good": history.good.token if history.good else None,
        "changed_since": [{"what": one.name, "then": one.then, "now": one.now} for one in history.differing],
        "dns": differences(dns) if dns is not None else None,
    }
    return safe(json.dumps(document, indent=2))


def _test(one: PastTest, change: Change | None) -> Json:
    return {
        "token": one.token,
        "started": one.started.isoformat(),
        **summary(one.placement),
        "change": _change(change) if change else None,
        "traits": dict(one.traits),
    }


def _change(change: Change) -> Json:
    return {
        "rise": round(change.rise, 6),
        "interval": interval(change.interval),
        "more_than_chance": not change.is_chance,
    }
