"""Exchanges over HTTPS ⇄ JSON values."""

from __future__ import annotations

from ipaddress import ip_address
from typing import Any

from deliverkit.observations.https import CertificateFault, HttpEnd, HttpExchange, HttpRequest


def format_exchange(exchange: HttpExchange) -> dict[str, Any]:
    """The exchange as a JSON value."""
    return {
        "host": exchange.request.host,
        "path": exchange.request.path,
        "addresses": list(exchange.request.addresses),
        "end": exchange.end.value,
        "address": exchange.address,
        "code": exchange.code,
        "media_type": exchange.media_type,
        "location": exchange.location,
        "body": exchange.body,
        "fault": exchange.fault.value if exchange.fault else None,
        "names": list(exchange.names),
        "until": exchange.until,
        "detail": exchange.detail,
        "elapsed_ms": round(exchange.elapsed * 1000, 3),
    }


def parse_exchange(entry: dict[str, Any]) -> HttpExchange:
    """The exchange that the JSON value holds; `KeyError`, `TypeError` or `ValueError` where it holds none."""
    addresses = tuple(str(ip_address(address)) for address in entry["addresses"])
    return HttpExchange(
        request=HttpRequest(str(entry["host"]), str(entry["path"]), addresses),
        end=HttpEnd(entry["end"]),
        address=str(ip_address(entry["address"])) if entry["address"] else "",
        code=int(entry["code"]),
        media_type=str(entry["media_type"]),
        location=str(entry["location"]),
        body=str(entry["body"]),
        fault=CertificateFault(entry["fault"]) if entry["fault"] else None,
        names=tuple(str(name) for name in entry["names"]),
        until=str(entry["until"]),
        detail=str(entry["detail"]),
        elapsed=float(entry["elapsed_ms"]) / 1000,
    )
