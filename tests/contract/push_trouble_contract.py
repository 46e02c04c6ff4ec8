"""What every provider promises about writes that fail, and about mails."""

from __future__ import annotations

from dataclasses import replace

import pytest

from odoo.addons.synced_meetings.sync.errors import (
    REASONS,
    AuthRequired,
    Gone,
    Rejected,
    Retryable,
    StaleChangeKey,
)
from odoo.addons.synced_meetings.sync.event import When

from .provider_contract import HOUR, LUNCH, listing
from .push_changes import BOB, create, delete, done, live, made, read, told, update

NEVER = replace(LUNCH, when=When(LUNCH.when.start, LUNCH.when.start - HOUR, LUNCH.when.zone))


class PushTroubleContract:
    """The promises; each is one test."""

    # Mails

    @pytest.mark.parametrize("tell", [False, True])
    def test_mails_go_out_only_where_they_are_asked_for(self, server, tell):
        provider, mails = server.provider(), [BOB.email] if tell else []
        if not (tell or provider.quiet):
            self.check_that_nothing_is_written_unasked(server, provider)
            return
        [copy] = done(provider, create(provider, replace(LUNCH, attendees=(BOB,)), tell))
        assert server.mailed() == mails
        [copy] = done(provider, update(copy, tell, location="Roof"))
        assert server.mailed() == mails * 2
        done(provider, delete(copy, tell))
        assert server.mailed() == mails * 3

    def check_that_nothing_is_written_unasked(self, server, provider):
        """A service that always mails is asked for nothing that people were not to be told."""
        event = replace(LUNCH, attendees=(BOB,))
        [copy] = done(provider, create(provider, event, tell=True))
        mails, before = server.mailed(), read(server)
        for change in (
            create(provider, event),
            update(copy, location="Roof"),
            update(copy, attendees=()),
            delete(copy),
        ):
            [outcome] = provider.push([change])
            assert outcome.error.reason == "cannot_be_quiet"
        assert (server.mailed(), read(server)) == (mails, before)
        assert outcome.error.reason in REASONS

    # What goes wrong

    def test_one_that_cannot_be_written_stands_alone(self, server):
        provider = server.provider()
        events = [replace(LUNCH, name=str(number)) for number in range(5)]
        events[2] = NEVER
        outcomes = provider.push([create(provider, event) for event in events])
        assert [bool(outcome.error) for outcome in outcomes] == [False] * 2 + [True] + [False] * 2
        assert isinstance(outcomes[2].error, Rejected)
        assert outcomes[2].error.reason in REASONS
        assert live(server) == ["0", "1", "3", "4"]

    def test_outcomes_stand_in_the_order_of_the_changes(self, server):
        provider = server.provider()
        old = made(provider, *(replace(LUNCH, name=f"old {n}") for n in range(6)))
        changes = [create(provider, replace(LUNCH, name=f"new {n}")) for n in range(6)]
        mixed = [one for n in range(6) for one in (update(old[n], name=f"then {n}"), changes[n])]
        found = done(provider, *mixed[: provider.batch_size])
        assert [remote.event.name for remote in found] == [one.event.name for one in mixed]
        assert done(provider) == []

    @pytest.mark.parametrize("number", [1, 3])
    @pytest.mark.parametrize("fault", ["dropped", "lost"])
    def test_a_lost_connection_leaves_it_open_and_doubles_nothing(self, server, fault, number):
        provider = server.provider(timeout=2.0)
        listing(provider)
        event = replace(LUNCH, attendees=(BOB,))
        changes = [create(provider, event, tell=True) for _ in range(number)]
        self.check_unknown(server, provider, changes, fault)
        copies = done(provider, *changes)
        assert set(read(server)) == {copy.id for copy in copies}
        assert len(copies) == number
        changes = [update(copy, tell=True, location="Roof") for copy in copies]
        self.check_unknown(server, provider, changes, fault)
        for outcome in provider.push(changes):  # as it is now, or too late for what was done
            assert outcome.remote or isinstance(outcome.error, StaleChangeKey)
        copies = list(provider.fetch([copy.id for copy in copies]).changes)
        assert {copy.event.location for copy in copies} == {"Roof"}
        changes = [delete(copy, tell=True) for copy in copies]
        self.check_unknown(server, provider, changes, fault)
        assert [copy.event for copy in done(provider, *changes)] == [None] * number
        assert server.mailed() == [BOB.email] * 3 * number
        assert live(server) == []

    def check_unknown(self, server, provider, changes, fault):
        server.fail(fault)
        with pytest.raises(Retryable):
            provider.push(changes)
        server.recover()

    @pytest.mark.parametrize("number", [1, 3])
    @pytest.mark.parametrize("fault", ["throttled", "unavailable"])
    def test_the_service_says_when_to_write_again(self, server, fault, number):
        provider = server.provider()
        listing(provider)
        changes = [create(provider, LUNCH) for _ in range(number)]
        server.fail(fault, after=7)
        assert waits(provider, changes) == {7}
        server.recover()
        done(provider, *changes)
        assert len(read(server)) == number

    @pytest.mark.parametrize("number", [1, 3])
    def test_a_login_that_ran_out_is_renewed_for_writing(self, server, number):
        provider = server.provider()
        listing(provider)
        server.expire_login()
        made(provider, *[LUNCH] * number)
        assert len(read(server)) == number

    @pytest.mark.parametrize("number", [1, 3])
    def test_a_revoked_login_writes_nothing(self, server, number):
        provider = server.provider()
        listing(provider)
        server.revoke_login()
        with pytest.raises(AuthRequired):
            provider.push([create(provider, LUNCH) for _ in range(number)])

    @pytest.mark.parametrize("number", [1, 3])
    def test_a_calendar_that_is_gone_takes_no_event_with_it(self, server, number):
        provider = server.provider()
        remotes = made(provider, *[LUNCH] * number)
        server.remove_calendar()
        for changes in (
            [create(provider, LUNCH) for _ in range(number)],
            [update(remote, name="Tea") for remote in remotes],
            [update(remote, attendees=(BOB,)) for remote in remotes],
            [delete(remote) for remote in remotes],
        ):
            with pytest.raises(Gone):
                provider.push([told(provider, change) for change in changes])
        with pytest.raises(Gone):
            provider.fetch([remote.id for remote in remotes])


def waits(provider, changes):
    """Return how long the service asks to wait, for all or for each."""
    try:
        return {outcome.error.after for outcome in provider.push(changes)}
    except Retryable as error:
        return {error.after}
