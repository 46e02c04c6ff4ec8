"""A consent's login, renewed by one process at a time and kept when it is."""

import json
import time

from psycopg2.errors import SerializationFailure

from odoo.tools import SQL

from odoo.addons.synced_meetings.sync.errors import Retryable

from .synced_account import TOKENS

MARGIN = 360  # seconds; msal renews what is valid for less than five minutes
REPEATS = 3


class KeptLogin:
    """What `GraphProvider` logs in with: an account's token cache.

    Microsoft may end a refresh token that serves twice, so two processes must not renew at once.
    The row of the cache is locked meanwhile, in a transaction of its own: no run waits for it.
    """

    def __init__(self, account, client):
        self._account, self._client = account, client
        self._token, self._expires = "", 0.0

    def token(self, fresh=False):
        """Return an access token that is valid now, with ``fresh`` another than the last one.

        Raises `AuthRequired` and `Retryable`.
        """
        if fresh or time.time() > self._expires - MARGIN:
            self._renew(fresh)
        return self._token

    def _renew(self, fresh):
        for _ in range(REPEATS):
            try:
                return self._renew_alone(fresh)
            except SerializationFailure:
                continue  # another process has just renewed it: its cache is read now
        raise Retryable("token cache")

    def _renew_alone(self, fresh):
        from ..provider.graph_login import Delegated

        with self._account.env.registry.cursor() as cr:
            account = self._account.with_env(self._account.env(cr=cr))
            if not _locked(account):
                account = self._account  # it is being made, in a transaction that others do not see
            caches = [account._secret(TOKENS)]
            login = Delegated(self._client, caches[0], caches.append)
            self._token = login.token(fresh)
            if len(caches) > 1:
                account._set_secret(TOKENS, caches[-1])
        self._expires = _expires(caches[-1])


def _locked(account):
    """Wait for the row of the token cache and lock it; return whether there is one."""
    found = account.env.execute_query(
        SQL(
            "SELECT id FROM synced_secret WHERE account_id = %s AND name = %s FOR UPDATE",
            account.id,
            TOKENS,
        )
    )
    return bool(found)


def _expires(cache):
    """Return until when the access token in msal's cache is valid, 0 where there is none."""
    tokens = json.loads(cache).get("AccessToken", {}).values()
    return max((float(token["expires_on"]) for token in tokens), default=0.0)
