"""The campaign file that ``deliverkit preflight init`` writes."""

TEMPLATE = """\
# A campaign, for: deliverkit preflight campaign.toml
# Everything that is known of it is looked at, and one answer is given: GO, NO-GO or CANNOT TELL.

name = "Spring sale"
from = "news@example.com"        # the address in the From header
kind = "marketing"               # or "transactional", which needs no List-Unsubscribe
message = "message.eml"          # what goes out, headers first, as your platform makes it

# [message]                      # in place of message = … above: the parts that it is to be composed of
# subject = "Spring sale"
# text = "spring.txt"            # files, from this one's folder; text or html may be left out
# html = "spring.html"
# headers = ["From: Spring Sale <news@example.com>", "List-Unsubscribe: <https://example.com/u>"]
# attach = ["offer.pdf"]

[path]                           # which way the mail takes; your platform's help pages, or a received copy, tell
mail_from = "bounce@mail.example.com"     # the Return-Path of a received copy
# sending_addresses = ["192.0.2.25"]      # the addresses that connect to mail hosts
# helo = "out.example.com"                # the name that they say in EHLO
# selectors = ["s2026"]                   # s= of the DKIM-Signature, or selector._domainkey.domain for another domain

[seeds]                          # leave it out for a preflight without a seed test
file = "seeds.toml"              # deliverkit seed init writes one
external = true                  # the recommended way: your own platform sends to the seeds' addresses
# relay = "smtp.example.com:587" # or deliverkit sends through this relay …
# relay_tls = "starttls"         # … with starttls, implicit or none
# user = "ada"
# secret = "env:RELAY_PASSWORD"  # or file:PATH, or command:COMMAND; never the secret itself
# rate = 60                      # copies a minute that go out
# test = "Spring sale"           # a seed test that was made already
# control = true                 # also send a plain message, to tell "this content" from "this sender"
inbox_rate = 0.70                # the part of the copies that has to reach the inbox
wait_minutes = 30                # after which a copy that is not there is missing

[audience]                       # who reads it: parts (0.44) or numbers of readers, by provider
# Gmail = 0.44
# "Outlook.com" = 0.31
# Yahoo = 0.12

# [delivery]                     # try a delivery to a mailbox of your own, at your own mail hosts
# to = "ada@example.com"

# [[waivers]]                    # a fault that you accept, for a reason and until a day
# check = "no-mta-sts"
# reason = "comes with the new mail hosts"
# until = 2027-03-31
"""
