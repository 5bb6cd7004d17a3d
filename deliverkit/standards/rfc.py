"""The RFCs that deliverkit cites, by number. A check may cite no other."""

from __future__ import annotations

TITLES = {
    1034: "Domain names: concepts and facilities",
    1035: "Domain names: implementation and specification",
    1123: "Requirements for Internet hosts: application and support",
    1912: "Common DNS operational and configuration errors",
    1918: "Address allocation for private internets",
    1996: "A mechanism for prompt notification of zone changes (DNS NOTIFY)",
    2181: "Clarifications to the DNS specification",
    2182: "Selection and operation of secondary DNS servers",
    2308: "Negative caching of DNS queries",
    3974: "SMTP operational experience in mixed IPv4/v6 environments",
    4035: "Protocol modifications for the DNS security extensions",
    4592: "The role of wildcards in the DNS",
    4648: "The Base16, Base32, and Base64 data encodings",
    5321: "Simple Mail Transfer Protocol",
    5782: "DNS blacklists and whitelists",
    6376: "DomainKeys Identified Mail (DKIM) signatures",
    6890: "Special-purpose IP address registries",
    7208: "Sender Policy Framework (SPF) for authorizing use of domains in email, version 1",
    7489: "Domain-based Message Authentication, Reporting, and Conformance (DMARC)",
    7505: "A null MX no-service resource record for domains that accept no mail",
    7766: "DNS transport over TCP: implementation requirements",
    8020: "NXDOMAIN: there really is nothing underneath",
    8301: "Cryptographic algorithm and key usage update to DomainKeys Identified Mail (DKIM)",
    8463: "A new cryptographic signature method for DomainKeys Identified Mail (DKIM)",
    8914: "Extended DNS errors",
    9499: "DNS terminology",
    9989: "Domain-based Message Authentication, Reporting, and Conformance (DMARC)",
    9990: "DMARC aggregate reporting",
}
