"""Pages that a person meets: signing in, allowing, an administrator's approval.

https://learn.microsoft.com/en-us/entra/identity-platform/v2-oauth2-auth-code-flow
"""

from __future__ import annotations

from html import escape
from urllib.parse import urlsplit

from .graph_login import IDENTITY, App, Login, LoginError, plain
from .graph_world import Mailbox, Tenant
from .pages import HIDDEN, back, page
from .server import Request, Response

Query = dict[str, str]
BRAND = '<p class="brand">Sign in to simulated Microsoft</p>'
BUTTON = '<button name="decision" value="{}"{}>{}</button>'
SENTENCES = {
    "calendars.readwrite": "Have full access to your calendars",
    "calendars.readwrite.shared": "Read and write calendars that you can access",
    "user.read": "Sign you in and read your profile",
}
OWN = ("account", "decision")
CANCELLED = "AADSTS65004: User declined to consent to access the app."
NOT_APPROVED = (
    "AADSTS90094: The grant requires administrator permissions. An administrator must approve "
    "the application before it can be used."
)


class Authorize:
    """GET shows the question, POST takes the answer."""

    def __init__(self, login: Login) -> None:
        self.login, self.world = login, login.world

    def handle(self, request: Request, name: str) -> Response:
        """Answer a request to the authorisation address."""
        try:
            source = request.form() if request.method == "POST" else request.query
            values = {key: found[-1] for key, found in source.items()}
            query = {key: value for key, value in values.items() if key not in OWN}
            tenant = self.login.tenant(name)
            app = self._checked(query, tenant)
            if request.method == "POST":
                return self._decide(query, values, app)
            return self._ask(query, app, self._people(tenant), request.path)
        except LoginError as error:
            return _refusal(error)

    def _checked(self, query: Query, tenant: Tenant | None) -> App:
        app = self.login.app(query.get("client_id", ""), tenant)
        if not app.takes(query.get("redirect_uri", "")):
            message = f"The redirect URI '{query.get('redirect_uri')}' specified in the request "
            message += "does not match the redirect URIs configured for the application "
            raise LoginError("invalid_request", 50011, f"{message}'{app.id}'.")
        for name in ("response_type", "scope"):
            if not query.get(name):
                message = "The request body must contain the following parameter: "
                raise LoginError("invalid_request", 900144, f"{message}'{name}'.")
        if query["response_type"] != "code" or query.get("code_challenge_method", "S256") != "S256":
            message = "The response_type or code_challenge_method is not supported."
            raise LoginError("unsupported_response_type", 70005, message)
        return app

    def _people(self, tenant: Tenant | None) -> list[Mailbox]:
        everybody = self.world.mailboxes.values()
        return [one for one in everybody if tenant is None or one.tenant == tenant.id]

    def _ask(self, query: Query, app: App, people: list[Mailbox], path: str) -> Response:
        hidden = "".join(HIDDEN.format(escape(k), escape(v)) for k, v in query.items())
        asked = [one for one in map(plain, query["scope"].split()) if one not in IDENTITY]
        rows = "".join(f"<li>{escape(SENTENCES.get(one.lower(), one))}</li>" for one in asked)
        where = escape(urlsplit(query["redirect_uri"]).netloc)
        buttons = BUTTON.format("cancel", " formnovalidate", "Cancel")
        buttons += BUTTON.format("allow", ' class="primary"', "Accept")
        content = (
            f"{BRAND}<h1>Permissions requested</h1><p>{escape(app.name)} would like to:</p>"
            f"<ul>{rows}</ul><p>to continue to {where}</p>"
            f'<form method="post" action="{escape(path)}">{hidden}'
            f"{_accounts(people, query.get('login_hint', '').lower())}"
            f'<div class="actions">{buttons}</div></form>'
        )
        return page("Sign in to your account", content)

    def _decide(self, query: Query, values: Query, app: App) -> Response:
        mailbox = self.world.mailboxes.get(values.get("account", "").lower())
        if values.get("decision") == "return":
            return _back(query, error="access_denied", error_description=NOT_APPROVED)
        if values.get("decision") != "allow" or mailbox is None:
            text = {"error_description": CANCELLED, "error_subcode": "cancel"}
            return _back(query, error="access_denied", **text)
        asked = query["scope"].split()
        if self.login.needs_admin(mailbox, app.id, map(plain, asked)):
            return self._approval(query, app, mailbox)
        return _back(query, code=self.code(query, mailbox, app.id))

    def code(self, query: Query, mailbox: Mailbox, app: str) -> str:
        """Return the code that a person's consent gives."""
        more = {"challenge": query.get("code_challenge", ""), "nonce": query.get("nonce", "")}
        more["redirect_uri"] = query["redirect_uri"]
        with self.world.lock:
            return self.login.allow(mailbox, app, query["scope"].split(), **more)

    def _approval(self, query: Query, app: App, mailbox: Mailbox) -> Response:
        """Say that only an administrator can allow this."""
        hidden = "".join(HIDDEN.format(escape(k), escape(v)) for k, v in query.items())
        content = (
            f"{BRAND}<h1>Need admin approval</h1><p>{escape(app.name)} needs permission to access "
            "resources in your organization that only an admin can grant. Please ask an admin to "
            f"grant permission to this app before you can use it.</p><p>{escape(mailbox.email)}"
            f'</p><form method="post">{hidden}<div class="actions">'
            f"{BUTTON.format('return', '', 'Return to the application without granting consent')}"
            "</div></form><p>AADSTS90094</p>"
        )
        return page("Need admin approval", content)


class AdminConsent:
    """An administrator's approval of what an application asks for, for the whole tenant."""

    def __init__(self, login: Login) -> None:
        self.login = login

    def handle(self, request: Request, name: str) -> Response:
        """Show the question, or take the answer."""
        try:
            source = request.form() if request.method == "POST" else request.query
            query = {key: found[-1] for key, found in source.items()}
            tenant = self._tenant(name)
            app = self.login.app(query.get("client_id", ""), tenant)
            if not app.takes(query.get("redirect_uri", "")):
                raise LoginError("invalid_request", 50011, "The redirect URI does not match.")
        except LoginError as error:
            return _refusal(error)
        if request.method != "POST":
            return self._ask(query, app, tenant, request.path)
        if query.get("decision") != "allow":
            text = {"error_subcode": "cancel", "error_description": CANCELLED}
            return _back(query, error="access_denied", **text)
        asked = {plain(one) for one in query.get("scope", "").split()} - {".default"}
        self.login.admin_consent(app.id, tenant.domain, asked or app.delegated | app.application)
        return _back(query, admin_consent="True", tenant=tenant.id, scope=query.get("scope", ""))

    def _tenant(self, name: str) -> Tenant:
        """Return the administrator's tenant; without a name it is the first one's."""
        return self.login.tenant(name) or next(iter(self.login.world.tenants.values()))

    def _ask(self, query: Query, app: App, tenant: Tenant, path: str) -> Response:
        hidden = "".join(HIDDEN.format(escape(k), escape(v)) for k, v in query.items())
        buttons = BUTTON.format("cancel", "", "Cancel")
        buttons += BUTTON.format("allow", ' class="primary"', "Accept")
        content = (
            f"{BRAND}<h1>Permissions requested</h1><p>Review for your organization: "
            f"{escape(app.name)}, {escape(tenant.domain)}</p>"
            f'<form method="post" action="{escape(path)}">{hidden}'
            f'<div class="actions">{buttons}</div></form>'
        )
        return page("Permissions requested", content)


def _accounts(people: list[Mailbox], hint: str) -> str:
    known = any(one.email == hint for one in people)
    rows = []
    for number, one in enumerate(people):
        chosen = one.email == hint if known else number == 0
        marks = " checked" if chosen else ""
        rows.append(
            f'<label><input type="radio" name="account" value="{escape(one.email)}"{marks} '
            f"required><span>{escape(one.name)}<small>{escape(one.email)}</small></span></label>"
        )
    return f"<fieldset><legend>Pick an account</legend>{''.join(rows)}</fieldset>"


def _back(query: Query, **values: str) -> Response:
    state = {"state": query["state"]} if "state" in query else {}
    return back(query["redirect_uri"], {**values, **state})


def _refusal(error: LoginError) -> Response:
    content = f"{BRAND}<h1>Sorry, but we're having trouble signing you in.</h1>"
    return page("Sign in to your account", f"{content}<p>{escape(error.message)}</p>", 400)
