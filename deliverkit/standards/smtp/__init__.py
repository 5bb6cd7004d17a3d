"""SMTP (RFC 5321): replies, their enhanced status codes, and the extensions that EHLO names.

A server answers every command with a reply: a code of three digits, of which the first says whether the command was
done (2), wants more (3), failed for now (4) or for good (5), and text, over one or more lines. RFC 3463 adds an
enhanced status code of three numbers to the text, which says what it was about.
"""
