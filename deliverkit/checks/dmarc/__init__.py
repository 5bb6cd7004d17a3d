"""Checks of a domain's DMARC policy."""
