"""Checks of the machines that send for a domain: their reverse names, and the name by which they greet."""
