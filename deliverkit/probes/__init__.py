"""Probes: they ask the clients and turn what was seen into facts. They never judge."""
