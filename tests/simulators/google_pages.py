"""HTML that a person meets: the consent page and what replaces it when the request is wrong.

https://developers.google.com/identity/protocols/oauth2/web-server#redirecting
"""

from __future__ import annotations

from html import escape
from urllib.parse import urlencode, urlsplit

from .google_oauth import AuthorisationError, Client, OAuth
from .google_scopes import PREFIX
from .server import Request, Response

STYLE = """
:root{color-scheme:light dark;--ink:#1f1f1f;--soft:#444746;--line:#c4c7c5;--page:#f0f4f9;--card:#fff;--blue:#0b57d0;--on:#fff}
@media (prefers-color-scheme:dark){:root{--ink:#e3e3e3;--soft:#c4c7c5;--line:#444746;--page:#1e1f20;--card:#131314;--blue:#a8c7fa;--on:#062e6f}}
*{box-sizing:border-box}body{margin:0;background:var(--page);color:var(--ink);font:16px/1.5 Roboto,system-ui,sans-serif}
main{max-width:34rem;margin:6vh auto;padding:2rem clamp(1.25rem,5vw,2.5rem);background:var(--card);border-radius:28px}
h1{font-size:1.75rem;font-weight:400;line-height:1.25;margin:.5rem 0 .25rem}h2{font-size:1rem;margin:1.75rem 0 .5rem}
p{color:var(--soft);margin:.25rem 0 1rem;overflow-wrap:anywhere}fieldset{border:0;margin:0;padding:0}legend{font-weight:500;padding:0;margin:1.5rem 0 .5rem}
label{display:flex;gap:.9rem;align-items:flex-start;padding:.75rem .25rem;border-bottom:1px solid var(--line);cursor:pointer;overflow-wrap:anywhere}
label small{display:block;color:var(--soft);font-size:.875rem}input{width:1.15rem;height:1.15rem;margin:.2rem 0 0;flex:none;accent-color:var(--blue)}
.actions{display:flex;flex-wrap:wrap;justify-content:flex-end;gap:.75rem;margin-top:2rem}
button,.button{font:inherit;font-weight:500;min-height:44px;padding:.5rem 1.5rem;border-radius:22px;border:1px solid var(--line);background:none;color:var(--blue);cursor:pointer;text-decoration:none}
button.primary{background:var(--blue);border-color:var(--blue);color:var(--on)}:focus-visible{outline:3px solid var(--blue);outline-offset:2px}
.brand{color:var(--soft);font-size:.875rem}code{background:var(--page);padding:.1rem .4rem;border-radius:6px;overflow-wrap:anywhere}
table{border-collapse:collapse;width:100%;font-size:.875rem}td,th{text-align:left;vertical-align:top;padding:.4rem .5rem;border-bottom:1px solid var(--line);overflow-wrap:anywhere}
.wide{max-width:64rem}.inline{display:inline}.inline button{min-height:32px;padding:.15rem .8rem;font-size:.875rem}
"""
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


def page(title: str, content: str, status: int = 200, wide: bool = False) -> Response:
    """Return a complete HTML page."""
    kind = ' class="wide"' if wide else ""
    html = (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f'<link rel="icon" href="data:,"><style>{STYLE}</style></head>'
        f"<body><main{kind}>{content}</main></body></html>"
    )
    return Response(status, html, "text/html; charset=utf-8", {"Cache-Control": "no-store"})


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
        hidden = "".join(f'<input type="hidden" name="{escape(k)}" value="{escape(v)}">' for k, v in query.items())
        where = escape(urlsplit(query["redirect_uri"]).netloc)
        content = (
            '<p class="brand">Sign in with simulated Google</p>'
            f"<h1>{escape(client.name)} wants access to your Google Account</h1><p>to continue to {where}</p>"
            f'<form method="post" action="/o/oauth2/v2/auth">{hidden}'
            f"{self._accounts(query.get('login_hint', '').lower())}{_scopes(query['scope'].split())}"
            '<div class="actions"><button name="decision" value="cancel" formnovalidate>Cancel</button>'
            '<button class="primary" name="decision" value="allow">Allow</button></div></form>'
        )
        return page("Sign in - Google Accounts", content)

    def _accounts(self, hint: str) -> str:
        users = list(self.oauth.world.users.values())
        known = any(user.email == hint or user.sub == hint for user in users)
        rows = []
        for number, user in enumerate(users):
            chosen = hint in (user.email, user.sub) if known else number == 0
            mark = " checked" if chosen else ""
            rows.append(
                f'<label><input type="radio" name="account" value="{escape(user.email)}" required{mark}>'
                f"<span>{escape(user.name)}<small>{escape(user.email)}</small></span></label>"
            )
        return f"<fieldset><legend>Choose an account</legend>{''.join(rows)}</fieldset>"

    def _decide(self, request: Request) -> Response:
        form = request.form()
        own = ("account", "allowed", "decision")
        query = {name: values[-1] for name, values in form.items() if name not in own}
        self.oauth.check_request(query)
        answer = {"state": query["state"]} if "state" in query else {}
        email = form.get("account", [""])[-1].lower()
        if form.get("decision") != ["allow"] or email not in self.oauth.world.users:
            return _back(query["redirect_uri"], {"error": "access_denied", **answer})
        asked = query["scope"].split()
        scopes = [one for one in asked if one in ALWAYS or one in form.get("allowed", [])]
        with self.oauth.world.lock:
            code = self.oauth.allow(query, email, scopes)
        return _back(query["redirect_uri"], {**answer, "code": code, "scope": " ".join(scopes)})


def _scopes(scopes: list[str]) -> str:
    """Return one box per scope; signing in itself cannot be unticked."""
    rows = []
    for scope in scopes:
        fixed = " checked disabled" if scope in ALWAYS else " checked"
        text = "Know who you are on Google" if scope in ALWAYS else sentence(scope)
        rows.append(
            f'<label><input type="checkbox" name="allowed" value="{escape(scope)}"{fixed}>'
            f"<span>{escape(text)}<small>{escape(scope)}</small></span></label>"
        )
    return f"<fieldset><legend>Select what the app can access</legend>{''.join(rows)}</fieldset>"


def _back(uri: str, values: dict[str, str]) -> Response:
    joint = "&" if urlsplit(uri).query else "?"
    return Response(302, b"", "text/html; charset=utf-8", {"Location": f"{uri}{joint}{urlencode(values)}"})


def _refusal(error: AuthorisationError) -> Response:
    content = (
        '<p class="brand">Sign in with simulated Google</p><h1>Access blocked: Authorization Error</h1>'
        f"<p>{escape(error.message)}</p><p>Error {error.status}: <code>{escape(error.code)}</code></p>"
    )
    return page("Error - Google Accounts", content, error.status)
