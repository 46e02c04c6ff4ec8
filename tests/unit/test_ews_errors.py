"""What Exchange's refusals mean, and what is read of an answer at all."""

from datetime import timedelta

import exchangelib.errors
import pytest
import requests

from odoo.addons.synced_meetings.sync.errors import (
    REASONS,
    AuthRequired,
    Gone,
    Rejected,
    Retryable,
    StaleChangeKey,
    SyncTokenExpired,
    of_one,
)
from odoo.addons.synced_meetings_exchange.provider.ews_check import CODES
from odoo.addons.synced_meetings_exchange.provider.ews_errors import (
    REASONS as OURS,
)
from odoo.addons.synced_meetings_exchange.provider.ews_errors import (
    TABLE,
    Absent,
    HttpRefused,
    meaning_of,
    translated,
)
from odoo.addons.synced_meetings_exchange.provider.ews_xml import NotSoap, find, parse, text
from odoo.addons.synced_meetings_exchange.provider.ews_zones import is_exact, of_offsets, windows
from odoo.addons.synced_meetings_exchange.provider.trouble import CONNECTION

HOUR = timedelta(hours=1)


def error(code, *args):
    return getattr(exchangelib.errors, code)(*args or ("said",))


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("ErrorServerBusy", Retryable),
        ("ErrorTimeoutExpired", Retryable),
        ("ErrorMailboxMoveInProgress", Retryable),
        ("ErrorInvalidSyncStateData", SyncTokenExpired),
        ("ErrorIrresolvableConflict", StaleChangeKey),
        ("ErrorItemNotFound", Absent),
        ("ErrorFolderNotFound", Gone),
        ("ErrorNonExistentMailbox", Gone),
        ("ErrorImpersonateUserDenied", AuthRequired),
        ("ErrorCalendarIsNotOrganizer", Rejected),
        ("ErrorItemCorrupt", Rejected),
    ],
)
def test_each_code_has_its_meaning(code, expected):
    found = meaning_of(error(code))
    assert type(found) is expected
    assert "said" not in repr(found)


def test_the_tables_name_what_there_is():
    known = vars(exchangelib.errors).keys()
    assert not {code for code in [*TABLE, *OURS] if code not in known}
    assert set(OURS.values()) <= REASONS
    assert set(CODES.values()) <= CONNECTION


def test_a_busy_server_says_how_long():
    assert meaning_of(exchangelib.errors.ErrorServerBusy("x", back_off=7.5)).after == 7.5
    assert meaning_of(exchangelib.errors.ErrorServerBusy("x")).after is None


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (401, AuthRequired),
        (403, AuthRequired),
        (404, Retryable),
        (302, Retryable),
        (503, Retryable),
    ],
)
def test_each_status_has_its_meaning(status, expected):
    with pytest.raises(expected), translated():
        raise HttpRefused(status)


def test_of_one_change_nothing_is_said_about_the_calendar():
    assert of_one(Gone("ErrorAccessDenied"), OURS).reason == "read_only"
    assert of_one(StaleChangeKey("x"), OURS).args == ("x",)
    assert of_one(SyncTokenExpired("odd"), OURS).reason == "refused_there"


@pytest.mark.parametrize(
    ("offered", "found"),
    [
        ("NTLM, Negotiate", {"ntlm", "negotiate"}),
        ('Basic realm="Exchange, NTLM"', {"basic"}),
        ('Negotiate, NTLM, Basic realm="x"', {"basic", "ntlm", "negotiate"}),
        ("", set()),
    ],
)
def test_ways_to_sign_in_are_read(offered, found):
    response = requests.Response()
    response.status_code, response.headers["WWW-Authenticate"] = 401, offered
    response.headers["Retry-After"] = "9"
    refused = HttpRefused.of(response)
    assert refused.offered == found
    assert refused.after == 9


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<a>",
        b"plain",
        b"<a></b>",
        b'<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>',
        b'<!DOCTYPE a SYSTEM "http://127.0.0.1/x"><a/>',
        b"<!DOCTYPE html><html/>",
    ],
)
def test_what_wants_more_than_to_be_read_is_refused(content):
    with pytest.raises(NotSoap):
        parse(content)


def test_characters_that_xml_cannot_hold_do_not_stop_the_others():
    space = "http://schemas.microsoft.com/exchange/services/2006/types"
    raw = f'<t:a xmlns:t="{space}"><t:b>x&#x3;y&#0;z\x0b&amp;&#233;</t:b></t:a>'
    assert text(parse(raw.encode()), "t:b") == "xyz&é"
    assert find(None, "t:b") is None


def test_windows_has_a_name_for_every_zone():
    assert windows("Europe/Vienna") == "W. Europe Standard Time"
    assert windows("") == "UTC"
    assert is_exact("Europe/Berlin")
    assert is_exact("Asia/Kolkata")
    assert not is_exact("Europe/Vienna")
    with pytest.raises(Rejected):
        windows("../etc/passwd")


def test_a_zone_is_known_by_its_offsets():
    assert windows(of_offsets(((HOUR, 10), (2 * HOUR, 3)))) == "W. Europe Standard Time"
    assert of_offsets(((5.5 * HOUR, 0),)) in ("Asia/Kolkata", "Asia/Colombo")
    assert of_offsets(((7.25 * HOUR, 0),)) == ""
