"""Checks of a domain's record for reports about TLS."""
