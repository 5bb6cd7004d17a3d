"""Authentication-Results (RFC 8601): what a receiver found when it checked SPF, DKIM, DMARC and the like.

The field begins with the name of who checked (authserv-id); a result for each method follows, with the
properties of the message that it is about. Anybody can write such a field, a sender too: ``weighing`` tells
which ones the receiver wrote.
"""
