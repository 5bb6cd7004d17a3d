"""Checks of a domain's MTA-STS record and policy."""
