"""Whether a service on the internet could call an address."""

import ipaddress
from urllib.parse import urlsplit

PRIVATE_ENDINGS = (".local", ".localhost", ".internal", ".lan", ".home.arpa", ".test", ".invalid")


def fault_of(url):
    """Return why nobody outside could call ``url``: a code of `synced.account`, "" where one can.

    Only what the address itself says; whether a call arrives, the doctor tries.
    """
    parts = urlsplit(url or "")
    if not parts.hostname or _is_private(parts.hostname):
        return "push_private"
    return "" if parts.scheme == "https" else "push_http"


def _is_private(host):
    try:
        return not ipaddress.ip_address(host).is_global
    except ValueError:
        return "." not in host or host.endswith(PRIVATE_ENDINGS)
