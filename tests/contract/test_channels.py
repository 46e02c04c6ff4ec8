"""Google, Microsoft 365 and an own Exchange server tell of changes, over real HTTP."""

import pytest

from odoo.addons.synced_meetings.sync.errors import NoChannel
from odoo.addons.synced_meetings_exchange.provider import ews_channels, graph_channels
from odoo.addons.synced_meetings_google.provider import channels as google_channels

from simulators.ews import SimulatedExchange
from simulators.google import GoogleSimulator
from simulators.graph import SimulatedGraph
from simulators.server import Response

from .channel_contract import SECRET, ChannelContract
from .ews_server import EwsServer
from .google_server import GoogleServer
from .graph_server import GraphServer


class TestGoogleChannels(ChannelContract):
    """The contract, at Google."""

    @pytest.fixture
    def server(self):
        with GoogleSimulator() as google:
            yield GoogleServer(google)

    @staticmethod
    def reader(request):
        return google_channels.notices_of(request.headers), Response(204)

    @staticmethod
    def deliver(server):
        server.google.channels.deliver()

    def lose(self, server, channel):
        server.google.channels._forget(server.google.channels.held[channel.id])

    def test_an_address_that_cannot_be_called_is_named(self, server):
        with pytest.raises(NoChannel, match="unreachable"):
            server.provider().subscribe("http://odoo.corp.example/hook", SECRET)

    def test_a_calendar_that_never_tells_is_named(self, server):
        holidays = "de#holiday@group.v.calendar.google.com"
        server.google.user(server.owner).add_calendar("Holidays", holidays)
        with pytest.raises(NoChannel, match="unsupported"):
            server.provider(calendar_id=holidays).subscribe("https://odoo.example/hook", SECRET)

    def test_calls_are_counted(self, server, listener):
        server.provider().subscribe(listener.url, SECRET)
        for _ in range(2):
            server.calendar.insert({"start": {"date": "2026-12-01"}, "end": {"date": "2026-12-02"}})
            self.deliver(server)
        first, second = (one.number for one in listener.heard)
        assert 0 < first < second


class TestGraphChannels(ChannelContract):
    """The contract, at Microsoft 365."""

    @pytest.fixture
    def server(self):
        with SimulatedGraph() as graph:
            yield GraphServer(graph)

    @staticmethod
    def reader(request):
        token = graph_channels.token_of({name: request.param(name) for name in request.query})
        if token:
            return (), Response(200, token, "text/plain")
        return graph_channels.notices_of(request.body), Response(202)

    @staticmethod
    def deliver(server):
        server.graph.notices.deliver()

    def lose(self, server, channel):
        del server.graph.subscriptions.held[channel.id]

    def test_a_life_event_asks_for_renewal_and_renewal_ends_the_silence(self, server, listener):
        provider = server.provider()
        channel = provider.subscribe(listener.url, SECRET)
        server.graph.notices.lifecycle(channel.id, "reauthorizationRequired")
        assert listener.heard[-1].renew
        assert listener.heard[-1].secret == SECRET
        assert provider.subscribe(listener.url, "other", channel).id == channel.id
        assert not server.graph.subscriptions.held[channel.id].silent

    def test_one_whose_answer_was_lost_is_replaced(self, server, listener):
        server.provider().subscribe(listener.url, "lost")
        kept = server.provider().subscribe(listener.url, SECRET)
        assert list(server.graph.subscriptions.held) == [kept.id]

    def test_where_less_is_given_less_is_taken(self, server, listener):
        server.graph.subscriptions.longest = graph_channels.LIVES[1] * 1.01
        assert server.provider().subscribe(listener.url, SECRET).id

    def test_nobody_answers_there(self, server, listener):
        listener.server.stop()
        with pytest.raises(NoChannel, match="unreachable"):
            server.provider().subscribe(listener.url, SECRET)

    def test_other_calendars_never_tell(self, server):
        with pytest.raises(NoChannel, match="unsupported"):
            server.provider(calendar_id="AAMk").subscribe("https://odoo.example/hook", SECRET)


class TestEwsChannels(ChannelContract):
    """The contract, at an own server: what ended is ended by the answer to its next call."""

    known: set[str] | None = None

    @pytest.fixture
    def server(self):
        with SimulatedExchange() as exchange:
            exchange.subscriptions.automatic = False
            yield EwsServer(exchange)

    @staticmethod
    def reader(request):
        known = TestEwsChannels.known
        notices = ews_channels.notices_of(request.body, request.param("key"))
        wanted = known is None or any(one.channel in known for one in notices)
        return notices, Response(200, ews_channels.answer(wanted), "text/xml")

    @staticmethod
    def deliver(server):
        server.exchange.subscriptions.post()

    def settle(self, server, listener, known):
        TestEwsChannels.known = known
        server.exchange.subscriptions.sign_of_life()
        listener.heard.clear()
        TestEwsChannels.known = None

    def lose(self, server, channel):
        del server.exchange.subscriptions.alive[channel.id]
