"""The simulated services as setup starts them, and what Odoo and a person are told of them."""

import json
import ssl
import sys
import urllib.request
from pathlib import Path

import pytest

from setup import meetings, paths, simulated, welcome
from setup.services import Service

PORT = 8669


@pytest.fixture
def logs(tmp_path, monkeypatch):
    monkeypatch.setattr(paths, "LOGS", tmp_path / "log")


def _look(service, path):
    with urllib.request.urlopen(f"{service.url}/_simulator/{path}", timeout=30) as answer:
        return json.load(answer)


def test_all_three_run_and_remember(tmp_path, logs):
    kept = tmp_path / "kept"
    kept.mkdir()
    python = Path(sys.executable)
    with simulated.running(python, "test", kept, PORT, states=True) as offered:
        offered.fill(*simulated.NAMES)
        before = [_held(*pair) for pair in zip(offered.all, meetings.PEOPLE, strict=True)]
        _check_trust(offered, kept)
        _check_welcome(offered)
    with simulated.running(python, "test", kept, PORT, states=True) as offered:
        after = [_held(*pair) for pair in zip(offered.all, meetings.PEOPLE, strict=True)]
    assert before == after == [len(meetings.around_today(one)) for one in meetings.PEOPLE]


def _held(service, person):
    return len(_look(service, f"events/{person}"))


def _check_trust(offered, kept):
    """Odoo reaches both of Microsoft's over TLS with what it is told to trust."""
    parameters = offered.parameters()
    trusted = parameters["synced_meetings_exchange.ca_file"]
    own = kept / "exchange-authority" / "ca.pem"
    authority = parameters["synced_meetings_exchange.authority_url"]
    for url, file in ((f"{authority}/_simulator/", trusted), (_root(offered.ews_url), own)):
        context = ssl.create_default_context(cafile=file)
        with urllib.request.urlopen(url, timeout=30, context=context) as answer:
            assert answer.status == 200


def _root(url):
    return url.removesuffix("/EWS/Exchange.asmx") + "/_simulator/"


def _check_welcome(offered):
    """A person is told where everything is; a browser needs no certificate for it."""
    words = welcome.words(Service("http://127.0.0.1:8069", None, None), offered)
    for service in offered.all:
        assert service.url.startswith("http:")
        assert service.url in words
    for word in (offered.ews_url, *meetings.PEOPLE, "password secret", "password admin"):
        assert word in words
    assert max(map(len, words.splitlines())) < 100
