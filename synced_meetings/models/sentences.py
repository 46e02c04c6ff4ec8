"""What happened and what to do about it, by code: the words of `synced.account`."""

from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)

CONSENTS = {
    "off": _lt(
        "Synced Meetings is switched off. An administrator can switch it on in the settings."
    ),
    "no_adapter": _lt(
        "The add-on for this kind of calendar is not installed. Ask your administrator for it."
    ),
    "not_yours": _lt(
        "Only %(user)s can give this consent. Please ask %(user)s to open this card and connect."
    ),
    "no_client": _lt(
        "%(provider)s does not know this server yet. An administrator enters the client id and "
        "the client secret under Settings > Synced Meetings."
    ),
    "cancelled": _lt(
        "You did not allow access, so nothing has changed. "
        "Press the button again when you want to connect."
    ),
    "org_refused": _lt(
        "Your organisation does not allow this application. "
        "Ask the administrator of your %(provider)s accounts to allow it."
    ),
    "replayed": _lt("This sign-in was used already. Begin a new one with the button on the card."),
    "expired": _lt(
        "This sign-in took longer than ten minutes and has expired. "
        "Begin a new one with the button on the card."
    ),
    "foreign": _lt(
        "This sign-in was begun by another user or in another browser. "
        "Begin it where you want to use it."
    ),
    "unknown_state": _lt(
        "Odoo did not ask for this sign-in, so nothing has changed. "
        "Begin it with the button on the card."
    ),
    "scope_missing": _lt(
        "Odoo needs every permission that it asks for, and one was not ticked. "
        "Connect again and tick all of them."
    ),
    "other_mailbox": _lt(
        "This card belongs to %(email)s, but you signed in as %(given)s. "
        "Sign in as %(email)s, or add another connection for %(given)s."
    ),
    "own_other_card": _lt("You have another card for %(given)s. Connect that one instead."),
    "taken": _lt(
        "%(given)s is connected by another user already, and a mailbox is connected only once. "
        "Ask your administrator if it should be yours."
    ),
    "code_refused": _lt(
        "%(provider)s did not accept the sign-in. Press the button to try once more."
    ),
    "client_refused": _lt(
        "%(provider)s refuses this server's client id, client secret or return address. "
        "An administrator corrects them under Settings > Synced Meetings."
    ),
    "no_network": _lt(
        "%(provider)s could not be reached, so nothing has changed. Try again in a few minutes."
    ),
}

CHANNELS = {
    "push_off": _lt(
        "Being told at once is switched off, so calendars are looked at every %(minutes)s minutes. "
        "It is switched on under Settings > Synced Meetings."
    ),
    "push_private": _lt(
        "Nobody on the internet can reach %(url)s, so calendars are looked at every %(minutes)s "
        "minutes. Open this server to the internet by https and enter its address as the system "
        "parameter web.base.url."
    ),
    "push_http": _lt(
        "Calendar services call only by https, and %(url)s is not, so calendars are looked at "
        "every %(minutes)s minutes. Put a certificate before this server and correct web.base.url."
    ),
    "push_unreachable": _lt(
        "%(provider)s could not reach %(url)s, so the calendar is looked at every %(minutes)s "
        "minutes. Let it through to this server; Odoo tries again by itself."
    ),
    "push_unsupported": _lt(
        "%(provider)s does not tell of changes in this calendar, so it is looked at every "
        "%(minutes)s minutes."
    ),
    "push_refused": _lt(
        "%(provider)s does not want to tell of changes, so the calendar is looked at every "
        "%(minutes)s minutes. Odoo asks again by itself."
    ),
}

RUNS = {
    "draft": _lt("This calendar is not connected. Connect it first."),
    "reauth": _lt(
        "%(provider)s does not accept the saved sign-in any more. Sign in again; nothing is lost."
    ),
    "no_access": _lt(
        "A calendar cannot be read any more: it was deleted, or is no longer shared with "
        "%(email)s. Choose another one."
    ),
    "slow": _lt("%(provider)s does not answer at the moment. Odoo tries again by itself."),
    "brake": _lt(
        "Very many meetings were deleted at once, in the calendar or here. Confirm that this was "
        "meant; until then they stay on the other side."
    ),
    "key_missing": _lt(
        "The key that opens the saved sign-ins is missing, or it is another one. An administrator "
        "brings it back (SYNCED_MEETINGS_KEY, or synced_meetings_key in odoo.conf)."
    ),
    "copied": _lt(
        "This is a copy of the database in which the calendar was connected. It rests here, so "
        "that nobody's calendar is touched. Sign in again to connect it from here."
    ),
    "neutralised": _lt(
        "This database was neutralised, and the calendar was disconnected from it. "
        "Sign in again to connect it from here."
    ),
    "archived": _lt("The user is archived, so the calendar rests."),
    "by_manager": _lt(
        "A manager paused this calendar, and it rests until a manager lets it go on."
    ),
    "unknown": _lt(
        "Something went wrong. It is tried again by itself; the server's log has the details for "
        "your administrator."
    ),
}
