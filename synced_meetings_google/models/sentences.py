"""Why a service account cannot open a calendar at Google, and what to do, by code."""

from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)

GOOGLE = {
    "no_service_key": _lt(
        "There is no key of a service account yet. An administrator enters it under Settings > "
        "Synced Meetings."
    ),
    "service_key": _lt(
        "Google does not accept the key of the service account. An administrator makes a new one "
        "in the Google Cloud console and enters it under Settings > Synced Meetings."
    ),
    "api_off": _lt(
        "The Google Calendar API is not switched on in the project of the service account. An "
        "administrator enables it in the Google Cloud console."
    ),
    "not_delegated": _lt(
        "The service account may not act for %(email)s. An administrator of that Google domain "
        "allows it under Security > API controls > Domain-wide delegation."
    ),
    "no_google_user": _lt(
        "Google knows nobody with the address %(email)s. Check it, or ask the administrator of "
        "your Google domain."
    ),
    "calendar_off": _lt(
        "%(email)s has no Google Calendar: the account is suspended, or the service is switched "
        "off for it. Ask the administrator of your Google domain."
    ),
}

# Instead of the core's: the user has nothing to sign in with.
OF_SERVICE_ACCOUNT = {
    "service_refused": _lt(
        "Google does not let the service account act for %(email)s any more. An administrator "
        "checks its key and the domain-wide delegation. It is tried again by itself; nothing is "
        "lost."
    ),
    "neutralised": _lt(
        "This database was neutralised, and the calendar was disconnected from it. An "
        "administrator connects it from here under Integration > Connect many users."
    ),
    "copied": _lt(
        "This is a copy of the database in which the calendar was connected. It rests here, so "
        "that nobody's calendar is touched. An administrator connects it from here under "
        "Integration > Connect many users."
    ),
}
