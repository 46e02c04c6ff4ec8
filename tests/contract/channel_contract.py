"""What every provider promises about channels; a test module gives it a fixture ``server``.

The listener is real: the simulated service calls it over HTTP.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta, timezone

import pytest

from odoo.addons.synced_meetings.sync.event import Notice

from simulators.server import Request, Response, Server

from .provider_contract import LUNCH

SECRET = "a secret of this channel"
Reader = Callable[[Request], tuple[tuple[Notice, ...], Response]]


class Listener:
    """Answers as the webhook does, and keeps what it was told."""

    def __init__(self, reader: Reader) -> None:
        self.reader, self.heard = reader, []
        self.server = Server(self._serve)
        self.url = f"{self.server.url}/hook"

    def _serve(self, request: Request) -> Response:
        notices, answer = self.reader(request)
        self.heard += notices
        return answer


class ChannelContract:
    """The promises; each is one test."""

    @staticmethod
    def reader(request: Request) -> tuple[tuple[Notice, ...], Response]:
        """Return what a call says, and what it is answered."""
        raise NotImplementedError

    @staticmethod
    def deliver(server) -> None:
        """Let the service make the calls that wait."""
        raise NotImplementedError

    @pytest.fixture
    def listener(self) -> Iterator[Listener]:
        found = Listener(self.reader)
        found.server.start()
        yield found
        found.server.stop()

    def test_a_change_is_told_with_the_secret_and_nothing_before_it(self, server, listener):
        provider = server.provider()
        channel = provider.subscribe(listener.url, SECRET)
        self.deliver(server)
        assert listener.heard == []

        server.create(LUNCH)
        self.deliver(server)
        assert {one.channel for one in listener.heard} == {channel.id}
        assert {one.secret for one in listener.heard} == {SECRET}
        assert not any(one.renew for one in listener.heard)

    def test_a_channel_says_when_it_ends(self, server, listener):
        ends = server.provider().subscribe(listener.url, SECRET).expires
        now = datetime.now(timezone.utc)
        assert now + timedelta(hours=20) < ends <= now + timedelta(days=7)

    def test_a_renewed_channel_tells_in_the_place_of_the_old_one(self, server, listener):
        old = server.provider().subscribe(listener.url, SECRET)
        new = server.provider().subscribe(listener.url, "another secret", old)
        self.settle(server, listener, {new.id})
        server.create(LUNCH)
        self.deliver(server)
        told = {(one.channel, one.secret) for one in listener.heard if one.channel == new.id}
        assert told == {(new.id, SECRET if new.id == old.id else "another secret")}
        assert {one.channel for one in listener.heard} == {new.id}

    def test_what_was_lost_is_made_anew(self, server, listener):
        old = server.provider().subscribe(listener.url, SECRET)
        self.lose(server, old)
        new = server.provider().subscribe(listener.url, "another secret", old)
        self.settle(server, listener, {new.id})
        server.create(LUNCH)
        self.deliver(server)
        assert {(one.channel, one.secret) for one in listener.heard} == {(new.id, "another secret")}

    def test_an_ended_channel_is_silent_and_ends_twice(self, server, listener):
        channel = server.provider().subscribe(listener.url, SECRET)
        for _ in range(2):
            server.provider().unsubscribe(channel)
        self.settle(server, listener, set())
        server.create(LUNCH)
        self.deliver(server)
        assert listener.heard == []

    def settle(self, server, listener, known: set[str]) -> None:
        """Let the service find out what is known; for those that learn it by an answer."""

    def lose(self, server, channel) -> None:
        """Let the service forget a channel."""
        raise NotImplementedError
