"""What receivers' spam filters write into a message's header: verdicts, scores, and what led to them.

No standard says how; each filter has its own fields, and a sender can write them, too. Where a field stands says
whether the receiver wrote it (``standards.border``).
"""
