"""Checks of the keys with which a domain's mail is signed (DKIM)."""
