"""Checks of the TLSA records of a domain's exchangers."""
