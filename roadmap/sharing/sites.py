"""Sites in which a shared roadmap may be framed: what people type, and the origins that `frame-ancestors` names. Pure."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from accounts.refusals import Refused

MOST = 10
#: A name of at least two parts that end in a word: no bare words, no addresses, no wildcards.
HOST = re.compile(r"(?=.{4,253}\Z)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]\Z")


def origins_of(text: str) -> list[str]:
    """`intranet.acme.example, https://wiki.acme.example:8443` as origins, each once. Raises Refused on anything else."""
    found = list(dict.fromkeys(origin_of(word) for word in re.split(r"[\s,]+", text) if word))
    if len(found) > MOST:
        raise Refused(_("A roadmap can be embedded in at most %(n)d sites.") % {"n": MOST})
    return found


def origin_of(word: str) -> str:
    """The origin of one site: https, its name, and a port other than the usual."""
    refusal = Refused(
        _("“%(site)s” is no site that can be named. Write its name, such as intranet.example.com.")
        % {"site": word[:80]}
    )
    try:
        parts = urlsplit(word if "://" in word else f"https://{word}")
        port, host = parts.port, (parts.hostname or "").encode("idna").decode("ascii").lower()
    except (ValueError, UnicodeError) as unreadable:
        raise refusal from unreadable
    more = parts.path.strip("/") or parts.query or parts.fragment or parts.username or parts.password
    if parts.scheme != "https" or more or not HOST.fullmatch(host):
        raise refusal
    return f"https://{host}" + (f":{port}" if port and port != 443 else "")
