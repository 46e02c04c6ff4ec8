"""Guests of series: single occurrences that are changed, called off and answered."""

from __future__ import annotations

from datetime import timedelta

import pytest
from exchangelib.items import SEND_TO_ALL_AND_SAVE_COPY

from simulators.ews_owner import Owner
from simulators.exchange_kit import SignIn, at, attendee, told, weekly

ROBERT = "robert@corp.example"


class TestSeries:
    @pytest.fixture
    def account(self, anna: Owner, robert: Owner, sign_in: SignIn):
        return sign_in("anna@corp.example")

    @pytest.fixture
    def series(self, account):
        return weekly(account, required_attendees=[attendee(ROBERT)]).save(
            send_meeting_invitations=SEND_TO_ALL_AND_SAVE_COPY
        )

    def _shown(self, account) -> list[tuple[str, str]]:
        zone = at("23T09:00").tzinfo
        found = account.calendar.view(start=at("01T00:00"), end=at("12-30T00:00"))
        return [(one.subject, f"{one.start.astimezone(zone):%m-%d}") for one in found]

    def test_occurrence_edited(self, exchange, series, sign_in: SignIn):
        occurrence = series.occurrence(2)
        occurrence.refresh()
        occurrence.subject = "Edited"
        occurrence.start += timedelta(days=1)
        occurrence.end += timedelta(days=1)
        occurrence.save(
            update_fields=["subject", "start", "end"],
            send_meeting_invitations=SEND_TO_ALL_AND_SAVE_COPY,
        )
        expected = [
            ("Kick-off", "11-23"),
            ("Edited", "12-01"),
            ("Kick-off", "12-07"),
            ("Kick-off", "12-14"),
        ]
        assert self._shown(sign_in(ROBERT)) == expected
        assert told(exchange) == [(ROBERT, "invitation"), (ROBERT, "update")]

    def test_occurrence_cancelled(self, exchange, series, sign_in: SignIn):
        occurrence = series.occurrence(2)
        occurrence.refresh()
        occurrence.cancel()
        expected = [("Kick-off", "11-23"), ("Kick-off", "12-07"), ("Kick-off", "12-14")]
        assert self._shown(sign_in(ROBERT)) == expected
        assert self._shown(sign_in("anna@corp.example")) == expected

    def test_occurrence_answered(self, anna: Owner, robert: Owner, series, sign_in: SignIn):
        copy = next(iter(sign_in(ROBERT).calendar.filter(subject="Kick-off")))
        occurrence = copy.occurrence(2)
        occurrence.refresh()
        occurrence.decline()
        assert len(self._shown(sign_in(ROBERT))) == 3
        own = anna.get(series.id)
        assert [one["response"] for one in own.data["RequiredAttendees"]] == ["Unknown"]
        second = anna.occurrence(series.id, 2)
        assert [one["response"] for one in second.data["RequiredAttendees"]] == ["Decline"]
