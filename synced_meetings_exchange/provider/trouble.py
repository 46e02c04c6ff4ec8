"""What both Microsoft services share: who a connection is, and why there is none.

Data and no sentences: the models phrase those, translated. No value holds a secret.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from odoo.addons.synced_meetings.sync.errors import SyncError

CONNECTION = frozenset(
    {
        "wrong_password",
        "wants_ntlm",  # the server does not take Basic
        "wants_basic",  # the server does not take NTLM
        "ews_blocked",  # the organisation switched EWS off, for all or for this application
        "wrong_path",  # a web server answers, but not for EWS
        "not_exchange",  # what answers is something else
        "tls",  # the certificate is not trusted or not for this name
        "dns",  # nobody knows the server's name
        "timeout",
        "unreachable",
        "impersonation_missing",  # the service account may not act for others
        "no_mailbox",  # the address has none
        "mailbox_elsewhere",  # on another server, or not one that Graph reaches
        "account_disabled",  # nobody can use this mailbox
        "out_of_scope",  # the application may not open this mailbox
        "consent_refused",
        "admin_needed",  # an administrator must consent
        "secret_wrong",
        "secret_expired",
        "client_unknown",
        "tenant_unknown",
        "throttled",
        "refused",  # anything else: ``values`` hold the service's own code
    }
)


@dataclass(frozen=True)
class Identity:
    """Whose mailbox it is: the address, and the id that stays when the address changes.

    ``zone`` is the mailbox's IANA zone, ``version`` an own server's ("" where not told).
    """

    email: str = ""
    account_id: str = ""
    zone: str = ""
    version: str = ""


class ConnectionRefused(SyncError):
    """The connection does not work: ``reason`` is one of `CONNECTION`, ``values`` say what."""

    def __init__(self, reason: str, values: Mapping[str, object] | None = None) -> None:
        """Keep the code and what its sentence names."""
        super().__init__(reason)
        self.reason, self.values = reason, dict(values or {})
