"""Checks of the zone's authoritative name servers, each asked itself."""
