"""The addresses of the identity platform: what it says of itself, and who answers where.

https://learn.microsoft.com/en-us/entra/identity-platform/v2-protocols-oidc
"""

from __future__ import annotations

import re
from typing import Any

from .graph_authorize import AdminConsent, Authorize
from .graph_login import Login, LoginError
from .graph_tokens import TokenEndpoint
from .server import Request, Response

DISCOVERY = "/common/discovery/instance"


class Front:
    """Everything below a tenant's name."""

    def __init__(self, login: Login, url: str) -> None:
        self.login, self.url = login, url
        self.authorize, self.tokens = Authorize(login), TokenEndpoint(login, url)
        admin = AdminConsent(login)
        self._routes = [
            (r"/([^/]+)(?:/v2\.0)?/\.well-known/openid-configuration$", self.configuration),
            (r"/([^/]+)/oauth2/v2\.0/authorize$", self.authorize.handle),
            (r"/([^/]+)/oauth2/v2\.0/token$", self.tokens.handle),
            (r"/([^/]+)(?:/v2\.0)?/adminconsent$", admin.handle),
        ]

    def handle(self, request: Request) -> Response | None:
        """Answer a request, or return None where it is none of ours."""
        if request.path == DISCOVERY:
            return self._discovery(request)
        for pattern, work in self._routes:
            found = re.match(pattern, request.path)
            if found:
                return work(request, found[1])
        return None

    def configuration(self, _: Request, name: str) -> Response:
        """Say where a tenant's people sign in."""
        try:
            tenant = self.login.tenant(name)
        except LoginError as error:
            return error.answer(self.login.world.now())
        root = f"{self.url}/{name}"
        own = tenant.id if tenant else "{tenantid}"
        return Response.of(
            {
                "token_endpoint": f"{root}/oauth2/v2.0/token",
                "token_endpoint_auth_methods_supported": ["client_secret_post", "private_key_jwt"],
                "jwks_uri": f"{root}/discovery/v2.0/keys",
                "response_modes_supported": ["query"],
                "subject_types_supported": ["pairwise"],
                "id_token_signing_alg_values_supported": ["RS256"],
                "response_types_supported": ["code"],
                "scopes_supported": ["openid", "profile", "email", "offline_access"],
                "issuer": f"{self.url}/{own}/v2.0",
                "authorization_endpoint": f"{root}/oauth2/v2.0/authorize",
                "tenant_region_scope": "EU",
            }
        )

    def _discovery(self, request: Request) -> Response:
        """Answer what clients ask about an authority that they do not know."""
        host = self.url.removeprefix("https://")
        alias: dict[str, Any] = {"preferred_network": host, "preferred_cache": host}
        endpoint = request.param("authorization_endpoint").replace("/oauth2/v2.0/authorize", "")
        asked = f"{endpoint}/v2.0/.well-known/openid-configuration"
        return Response.of(
            {
                "tenant_discovery_endpoint": asked,
                "api-version": "1.1",
                "metadata": [{**alias, "aliases": [host]}],
            }
        )
