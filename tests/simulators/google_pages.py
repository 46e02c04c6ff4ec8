"""HTML that a person meets: the consent page and what replaces it when the request is wrong.

https://developers.google.com/identity/protocols/oauth2/web-server#redirecting
"""

from __future__ import annotations

from html import escape
from urllib.parse import urlsplit

from .google_oauth import AuthorisationError, Client, OAuth
from .google_scopes import PREFIX
from .pages import HIDDEN, back, page
from .server import Request, Response

ROW = (
    '<label><input type="{kind}" name="{name}" value="{value}"{marks}>'
    "<span>{title}<small>{small}</small></span></label>"
)
BRAND = '<p class="brand">Sign in with simulated Google</p>'
BUTTONS = (
    '<div class="actions">'
    '<button name="decision" value="cancel" formnovalidate>Cancel</button>'
    '<button class="primary" name="decision" value="allow">Allow</button></div>'
)
SENTENCES = {
    "calendar": "See, edit, share, and permanently delete all the calendars you can access",
    "calendar.readonly": "See and download any calendar you can access",
    "calendar.events": "View and edit events on all your calendars",
    "calendar.events.readonly": "View events on all your calendars",
    "calendar.events.owned": "See, create, change, and delete events on calendars you own",
    "calendar.calendarlist.readonly": "See the list of calendars you're subscribed to",
    "calendar.calendarlist": "See, add, and remove calendars you're subscribed to",
    "calendar.freebusy": "View your availability in your calendars",
    "calendar.events.freebusy": "See the availability on calendars you have access to",
}
ALWAYS = ("openid", "email", "profile", PREFIX + "userinfo.email", PREFIX + "userinfo.profile")


def sentence(scope: str) -> str:
    """Return what a scope allows, in words."""
    return SENTENCES.get(scope.removeprefix(PREFIX), scope)


class Consent:
    """GET shows the question, POST takes the answer."""

    def __init__(self, oauth: OAuth) -> None:
        self.oauth = oauth

    def handle(self, request: Request) -> Response:
        """Answer a request to the authorisation address."""
        try:
            if request.method == "POST":
                return self._decide(request)
            query = {name: values[-1] for name, values in request.query.items()}
            return self._ask(query, self.oauth.check_request(query))
        except AuthorisationError as error:
            return _refusal(error)

    def _ask(self, query: dict[str, str], client: Client) -> Response:
        hidden = "".join(HIDDEN.format(escape(k), escape(v)) for k, v in query.items())
        where = escape(urlsplit(query["redirect_uri"]).netloc)
        accounts = self._accounts(query.get("login_hint", "").lower())
        content = (
            f"{BRAND}<h1>{escape(client.name)} wants access to your Google Account</h1>"
            f"<p>to continue to {where}</p>"
            f'<form method="post" action="/o/oauth2/v2/auth">{hidden}{accounts}'
            f"{_scopes(query['scope'].split())}{BUTTONS}</form>"
        )
        return page("Sign in - Google Accounts", content)

    def _accounts(self, hint: str) -> str:
        users = list(self.oauth.world.users.values())
        known = any(hint in (user.email, user.sub) for user in users)
        rows = []
        for number, user in enumerate(users):
            chosen = hint in (user.email, user.sub) if known else number == 0
            marks = " required checked" if chosen else " required"
            rows.append(_row("radio", "account", user.email, user.name, marks))
        return f"<fieldset><legend>Choose an account</legend>{''.join(rows)}</fieldset>"

    def _decide(self, request: Request) -> Response:
        form = request.form()
        own = ("account", "allowed", "decision")
        query = {name: values[-1] for name, values in form.items() if name not in own}
        self.oauth.check_request(query)
        answer = {"state": query["state"]} if "state" in query else {}
        email = form.get("account", [""])[-1].lower()
        if form.get("decision") != ["allow"] or email not in self.oauth.world.users:
            return back(query["redirect_uri"], {"error": "access_denied", **answer})
        asked = query["scope"].split()
        scopes = [one for one in asked if one in ALWAYS or one in form.get("allowed", [])]
        with self.oauth.world.lock:
            code = self.oauth.allow(query, email, scopes)
        return back(query["redirect_uri"], {**answer, "code": code, "scope": " ".join(scopes)})


def _scopes(scopes: list[str]) -> str:
    """Return one box per scope; signing in itself cannot be unticked."""
    rows = []
    if any(scope in ALWAYS for scope in scopes):
        title, small = "Know who you are on Google", "Name and e-mail address"
        rows.append(_row("checkbox", "identity", "", title, " checked disabled", small))
    asked = (scope for scope in scopes if scope not in ALWAYS)
    rows += [_row("checkbox", "allowed", one, sentence(one), " checked") for one in asked]
    title = "Select what the app can access"
    return f"<fieldset><legend>{title}</legend>{''.join(rows)}</fieldset>"


def _row(kind: str, name: str, value: str, title: str, marks: str, small: str = "") -> str:
    shown = small or value.removeprefix(PREFIX)
    text = {"value": escape(value), "title": escape(title), "small": escape(shown)}
    return ROW.format(kind=kind, name=name, marks=marks, **text)


def _refusal(error: AuthorisationError) -> Response:
    content = (
        f"{BRAND}<h1>Access blocked: Authorization Error</h1><p>{escape(error.message)}</p>"
        f"<p>Error {error.status}: <code>{escape(error.code)}</code></p>"
    )
    return page("Error - Google Accounts", content, error.status)
