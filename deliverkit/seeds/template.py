"""The seed file that ``deliverkit seed init`` writes."""

from __future__ import annotations

TEMPLATE = """\
# Seed mailboxes: your own, at the providers that your audience uses. A seed test sends to these and to nobody else.
# Try them with: deliverkit seed doctor
#
# No secret ever stands in this file, only where it is:
#   secret = "env:VARIABLE"        an environment variable
#   secret = "file:PATH"           a file, the path from this file's folder
#   secret = "command:COMMAND"     what a command prints, such as a password manager or a maker of tokens
#   secret = "keyring:SERVICE"     the system's keyring (pip install 'deliverkit[keyring]'), under the user's name

# Where bounces go: one of the seeds below, or a table [returns] with keys like those of a seed. It is the mailbox of
# the address that the message says in MAIL FROM. Without it bounces are not looked for.
# returns = "you@example.com"

# What holds for every seed that does not say otherwise.
# [defaults]
# secret = "env:SEEDS"

# Gmail, Yahoo, iCloud and Fastmail want an app password, never the account's own. Known providers need no host.
[[seed]]
address = "you@gmail.com"
secret = "env:GMAIL_APP_PASSWORD"

# Outlook.com and Microsoft 365 take tokens alone.
# [[seed]]
# address = "you@outlook.com"
# mechanism = "xoauth2"            # or "oauthbearer"; else "password"
# secret = "command:my-token-maker outlook"

# Any other server.
# [[seed]]
# address = "you@example.com"
# provider = "Example"             # what its figures stand under; else it is known by the domain's exchangers
# imap = "imap.example.com"        # or "imap.example.com:993", or an address such as "[2001:db8::1]:993"
# user = "you"                     # else the address
# tls = "implicit"                 # or "starttls"; "none" for this machine and private networks alone
# secret = "file:you.password"

# A mailbox that lies in files, the path from this file's folder.
# [[seed]]
# address = "you@here.example"
# maildir = "mail/you"             # or mbox = "mail/you.mbox"
"""
