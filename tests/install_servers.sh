#!/bin/sh
# The real servers that the tests run against, from Debian's packages: Knot and Unbound; Postfix with Cyrus SASL's
# password file (sasl2-bin); Dovecot with Sieve and LMTP; rspamd; swaks, for the bench and the page beside it; Exim's
# program, with the libraries and the user that it needs. Exim's package cannot be installed beside Postfix, so it is
# unpacked in /opt/deliverkit-servers. No server is started, and none that runs is touched: the tests start their own,
# from folders of their own.
set -eu
export DEBIAN_FRONTEND=noninteractive
PATH="$PATH:/usr/sbin:/sbin"
exim_folder=/opt/deliverkit-servers
sudo=
[ "$(id -u)" -eq 0 ] || sudo=sudo

has() { for one in "$@"; do command -v "$one" >/dev/null || return 1; done; }

install() { $sudo env RUNLEVEL=1 DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null; }

if has knotd unbound postfix saslpasswd2 swaks dovecot sievec rspamd && [ -x /usr/lib/dovecot/lmtp ] && [ -x "$exim_folder/usr/sbin/exim4" ]; then
    exit 0
fi
$sudo apt-get update -qq
has knotd unbound || install knot unbound
if ! has postfix; then
    # no configuration of the system's own, and nothing that listens
    echo "postfix postfix/main_mailer_type select No configuration" | $sudo debconf-set-selections
    install postfix
fi
has saslpasswd2 swaks || install sasl2-bin libsasl2-modules swaks
has dovecot || install dovecot-imapd
{ has sievec && [ -x /usr/lib/dovecot/lmtp ]; } || install dovecot-sieve dovecot-lmtpd
has rspamd || install rspamd
if [ ! -x "$exim_folder/usr/sbin/exim4" ]; then
    install libidn12 libgnutls-dane0 libpcre2-8-0 libdb5.3 libnsl2
    folder=$(mktemp -d)
    (cd "$folder" && apt-get download -qq exim4-daemon-light)
    $sudo mkdir -p "$exim_folder"
    $sudo dpkg-deb -x "$folder"/exim4-daemon-light_*.deb "$exim_folder"
    rm -r "$folder"
    id Debian-exim >/dev/null 2>&1 || $sudo useradd --system --no-create-home --home-dir /nonexistent \
        --shell /usr/sbin/nologin Debian-exim
fi
