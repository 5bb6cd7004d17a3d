"""Transcripts of SMTP with tokens in place of names, addresses and words that are not the standard's."""

from __future__ import annotations

from deliverkit.classes import Frozen, replace
from deliverkit.facts.conversing import Conversing
from deliverkit.observations.smtp import NOT_SPOKEN_HERE, OLDER, Call, Entry, Handshake, Transcript, Unmet
from deliverkit.redaction.addresses import Addresses, parse_plain
from deliverkit.redaction.certificates import Certificates
from deliverkit.redaction.names import Names
from deliverkit.redaction.texts import Texts
from deliverkit.regexes import regex
from deliverkit.script import load, shipped
from deliverkit.standards.tls.suites import BY_NAME

# Commands, parameters, extensions and mechanisms (RFC 5321 and the IANA registry of service extensions), the words of
# scripts, those that we say ourselves of a conversation's end, and those that servers commonly say.
WORDS = frozenset(
    """
    helo ehlo lhlo mail from rcpt to data bdat last rset noop quit vrfy expn help starttls auth body 8bitmime 7bit
    binarymime size smtputf8 dsn ret envid notify orcpt rfc822 hdrs full never success delay chunking pipelining
    enhancedstatuscodes requiretls mt-priority limits rcptmax etrn xclient xforward plain login cram-md5 xoauth2
    oauthbearer scram-sha-1 scram-sha-256 gssapi ntlm external digest-md5 username password bearer subject date
    message-id
    set if else offered for each repeat pipeline wait close within tls any or and not not_before message
    esmtp smtp lmtp ready service available closing transmission channel ok okay okey-doke queued as greets hello hi
    pleased meet you at your its it's is are was be being been not no yes end with cr lf crlf start begin input go
    ahead sender recipient recipients address mailbox user unknown known here there valid invalid syntax error command
    commands unrecognized recognized sequence bad parameter parameters argument arguments implemented supported
    required must first issue a an the this that these of in on by via before after again later please try temporarily
    temporary temporary permanent permanently deferred rejected reject refused denied access relay relaying policy
    reasons reason local blocked block listed blocklist blacklist spam spf dkim dmarc reputation rate limit too many
    connections connection client host hostname name reverse forward lookup failed fail greylisted greylisting
    greylist mailbox full quota exceeded storage message size exceeds fixed maximum large big long line timeout timed
    out bye goodbye closed authentication credentials incorrect successful succeeded encryption accepted delivered
    delivery disabled does exist such have has been found requested action taken aborted processing mail unavailable
    it its expired certificate certificates above authority signed itself root known leads lead sent chain read cannot
    said nothing reply whole within line lines more than octets entries s reset during handshake alert what finish
    did stopped reading nobody answered refused hung up
    """.split()  # noqa: SIM905 - a list of words is read as words
)

_WORD = regex(r"[a-z0-9][a-z0-9_'-]*")
# Reply codes, enhanced status codes, their classes in scripts, versions of TLS, times and dates.
_FIGURE = regex(
    r"(?m)(^[2-5]\d\d[ -]?(?=[245]\.\d)|^[2-5]\d\d[ -]"
    r"|(?<![\w.])[245]\.(?:\d{1,3}|\*)(?:\.(?:\d{1,3}|\*))?(?![\w.])"
    r"|(?<=tls |llo )1\.[0-3](?![\w.])"
    r"|(?i:(?<=size[ =]))\d{1,12}(?!\w)"
    r"|(?<![\w.-])(?:[2-5]xx|\d{1,5}(?:ms|s|m|h)|\d{4}-\d\d-\d\d)(?![\w.-]))"
)


def public_words() -> frozenset[str]:
    """`WORDS`, those of statements that are given to a script, cipher suites, and all of the scripts that ship."""
    shipped_ones = (_WORD.findall(load(name).text.lower()) for name in shipped())
    suites = {name.lower() for name in BY_NAME}
    return WORDS.union({"given", "domain", "mx", "rcpt"}, {"ssl3", "without"}, suites, *shipped_ones)


_OWN = frozenset({NOT_SPOKEN_HERE, OLDER})  # failures in words of our own, by which they are known


class Transcripts(Frozen):
    """A map of transcripts under a key; ``texts`` knows `public_words`."""

    names: Names
    addresses: Addresses
    texts: Texts
    certificates: Certificates

    def redact(self, transcript: Transcript) -> Transcript:
        """Field by field: one that is added later stays out until somebody has thought of it here."""
        return Transcript(
            call=self._call(transcript.call),
            entries=tuple(self._entry(entry) for entry in transcript.entries),
            end=transcript.end,
            detail=self.text(transcript.detail),
            handshake=self._handshake(transcript.handshake) if transcript.handshake else None,
            unmet=tuple(map(self._unmet, transcript.unmet)),
            hello=transcript.hello,  # numbers, and words of our own
            is_part_sent=transcript.is_part_sent,
        )

    def conversing(self, conversing: Conversing) -> Conversing:
        """What was said, so that it leads to the redacted calls: a script that ships by its text of today."""
        script = conversing.text or load(conversing.name).text
        variables = ((name, tuple(map(self.text, values))) for name, values in conversing.variables)
        told = Conversing(conversing.name, self.text(script), conversing.port, tuple(variables))
        return replace(told, has_protocols=conversing.has_protocols, has_ciphers=conversing.has_ciphers)

    def _unmet(self, unmet: Unmet) -> Unmet:
        return Unmet(unmet.line, self.text(unmet.wanted), self.text(unmet.got), self.text(unmet.value))

    def _call(self, call: Call) -> Call:
        address = parse_plain(call.address)
        shown = self.texts.text(call.address) if address is None else str(self.addresses.redact(address))
        return Call(self.names.redact(call.host), shown, call.port, self.text(call.script))

    def _entry(self, entry: Entry) -> Entry:
        told = entry.mapped(lambda data: self.text(data.decode("latin-1")).encode("latin-1", "replace"))
        left_out = told.left_out._replace(sha256="") if told.left_out else None  # it would lead back to the message
        return Entry(told.elapsed, told.kind, told.data, told.secure, told.line, left_out)

    def _handshake(self, handshake: Handshake) -> Handshake:
        return Handshake(
            version=handshake.version,
            cipher=handshake.cipher,
            server_name=self.names.redact(handshake.server_name),
            certificates=tuple(map(self.certificates.redact, handshake.certificates)),
            untrusted=self.text(handshake.untrusted),
            failure=handshake.failure if handshake.failure in _OWN else self.text(handshake.failure),
            discarded=handshake.discarded,
            roots=self.text(handshake.roots),
        )

    def text(self, text: str) -> str:
        """The text with tokens in place of all words that are not known to be public."""
        parts = _FIGURE.split(text)
        return "".join(part if number % 2 else self.texts.text(part) for number, part in enumerate(parts))
