"""The hellos with which TLS begins: the client's, as octets, and what a server answers.

A client offers cipher suites, a server takes one of them or says no by an alert (RFC 8446 §4.1, RFC 5246 §7.4.1). That
much goes in the clear and needs no cryptography, so a host can be asked for what the local TLS library does not know.
"""
