"""TLS at the mail hosts: whether it is offered, whether it works, and what the certificate is worth."""
