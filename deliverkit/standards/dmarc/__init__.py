"""DMARC (RFC 9989): a Domain Owner says in a TXT record what to do with mail that fails, and where reports go.

The record stands at ``_dmarc.`` before a domain. Receivers look at the Author Domain first and then walk up the DNS
tree (§4.10); which record is found says the policy, and which domains belong together says what is aligned.
RFC 7489, which it replaces, found the Organizational Domain by the Public Suffix List; its rules stand beside.
"""
