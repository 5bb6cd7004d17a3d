"""Looking into mailboxes over IMAP, and into those that lie in files, without changing anything in them.

IMAPClient speaks the protocol, in threads of an executor of its own. The sockets are ours: their address comes from our
resolver and goes through `Routes`, and what a server says is bounded in size and time (``bounded``).
"""
