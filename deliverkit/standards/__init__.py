"""The standards: text to values and back, and the algorithms over them. Pure: no network, no clock."""
