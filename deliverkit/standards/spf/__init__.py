"""SPF (RFC 7208): the record's syntax, its macros, and the evaluation ``check_host``; pure, over given answers."""
