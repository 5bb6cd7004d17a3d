"""The embedded lab: small worlds on loopback, for the demo, the tutorial, the checks' examples and the tests.

A world is a TOML text: zones, addresses, the faults of its servers, its clock, and the codes that it must yield.
The lab shares no parser with the product, so that it can serve as an oracle for it.
"""
