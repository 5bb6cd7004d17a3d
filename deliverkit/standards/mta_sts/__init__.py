"""MTA-STS: a domain says that senders shall use TLS to its exchangers, and by which names (RFC 8461).

A TXT record says that there is a policy, and by its id that it has changed; the policy is a file on a web server whose
certificate has to be good. Both are read from any text; every defect is kept with its place.
"""
