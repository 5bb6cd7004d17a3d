"""Checks of how a domain receives mail: its MX records and the hosts that they name."""
