"""Checks of this machine: its resolvers, whether blocklists answer them, and its way out to port 25."""
