"""DKIM: the key record that a signing domain publishes, and the fields of a message that name it (RFC 6376)."""
