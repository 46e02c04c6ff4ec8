"""Guests: invitations, answers, cancellations, and copies in the calendars of colleagues."""

from __future__ import annotations

import pytest
from exchangelib.errors import (
    ErrorCalendarIsCancelledForAccept,
    ErrorCalendarIsCancelledForDecline,
    ErrorCalendarIsCancelledForTentative,
    ErrorCalendarIsNotOrganizer,
    ErrorCalendarIsOrganizerForAccept,
    ErrorCalendarIsOrganizerForDecline,
    ErrorCalendarIsOrganizerForTentative,
    ErrorIrresolvableConflict,
)
from exchangelib.items import (
    SEND_ONLY_TO_CHANGED,
    SEND_TO_ALL_AND_SAVE_COPY,
    SEND_TO_NONE,
)

from simulators.ews import SimulatedExchange
from simulators.ews_owner import TO_ALL, Owner
from simulators.exchange_kit import SignIn, at, attendee, codes, meeting, soap, told

ROBERT, EVE = "robert@corp.example", "eve@client.example"


@pytest.fixture
def account(anna: Owner, robert: Owner, sign_in: SignIn):
    return sign_in("anna@corp.example")


@pytest.fixture
def invited(account):
    """Return a meeting of Anna's to which a colleague and somebody outside are invited."""
    people = [attendee(ROBERT), attendee(EVE)]
    return meeting(account, required_attendees=people).save(
        send_meeting_invitations=SEND_TO_ALL_AND_SAVE_COPY
    )


def _copy(account, subject: str = "Kick-off"):
    return next(iter(account.calendar.filter(subject=subject)))


def test_invitation(exchange: SimulatedExchange, invited, robert: Owner, sign_in: SignIn):
    assert [(one.to, one.reason, one.external) for one in exchange.mails] == [
        (ROBERT, "invitation", False),
        (EVE, "invitation", True),
    ]
    copy = _copy(sign_in(ROBERT))
    copy.refresh()
    assert (copy.uid, copy.id == invited.id) == (invited.uid or copy.uid, False)
    assert copy.my_response_type == "NoResponseReceived"
    assert copy.legacy_free_busy_status == "Tentative"
    assert copy.organizer.email_address == "anna@corp.example"
    assert (copy.start, copy.is_meeting) == (at("23T09:00"), True)


def test_silent_invitation(exchange: SimulatedExchange, account, robert: Owner):
    meeting(account, required_attendees=[attendee(ROBERT)]).save()
    assert (exchange.mails, robert.items()) == ([], [])


@pytest.mark.parametrize(
    ("answer", "response", "status"),
    [
        ("accept", "Accept", "Busy"),
        ("tentatively_accept", "Tentative", "Tentative"),
        ("decline", "Decline", None),
    ],
)
def test_answer(
    exchange: SimulatedExchange,
    anna: Owner,
    robert: Owner,
    invited,
    sign_in: SignIn,
    answer: str,
    response: str,
    status: str | None,
):
    key = anna.get(invited.id).key
    copy = _copy(sign_in(ROBERT))
    copy.refresh()
    told(exchange)
    getattr(copy, answer)(body="see you")
    assert told(exchange) == [("anna@corp.example", "response")]
    own = anna.get(invited.id)
    people = {one["email"]: one["response"] for one in own.data["RequiredAttendees"]}
    assert people == {ROBERT: response, EVE: "Unknown"}
    assert own.key != key, "an answer is a change"
    copies = [one.data for one in robert.items()]
    assert [one["LegacyFreeBusyStatus"] for one in copies] == ([status] if status else [])
    assert [one["MyResponseType"] for one in copies] == ([response] if status else [])


def test_answer_that_is_not_sent(exchange: SimulatedExchange, anna: Owner, robert: Owner, invited):
    copy = robert.item("Kick-off")
    told(exchange)
    reference = f'<t:ReferenceItemId Id="{copy.id}" ChangeKey="{copy.key}"/>'
    _, answer = soap(
        exchange,
        '<m:CreateItem MessageDisposition="SaveOnly"><m:Items>'
        f"<t:AcceptItem>{reference}</t:AcceptItem></m:Items></m:CreateItem>",
        login=ROBERT,
    )
    assert codes(answer) == ["NoError"]
    assert told(exchange) == []
    assert robert.item("Kick-off").data["MyResponseType"] == "Accept"
    responses = [one["response"] for one in anna.get(invited.id).data["RequiredAttendees"]]
    assert responses == ["Unknown", "Unknown"]


def test_answer_needs_the_current_key(exchange: SimulatedExchange, robert: Owner, invited, sign_in):
    copy = _copy(sign_in(ROBERT))
    copy.refresh()
    robert.update(copy.id, Categories=["seen"])
    with pytest.raises(ErrorIrresolvableConflict):
        copy.accept()


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        ("accept", ErrorCalendarIsOrganizerForAccept),
        ("tentatively_accept", ErrorCalendarIsOrganizerForTentative),
        ("decline", ErrorCalendarIsOrganizerForDecline),
    ],
)
def test_organiser_does_not_answer(invited, answer: str, error: type[Exception]):
    with pytest.raises(error):
        getattr(invited, answer)()


def test_answer_from_outside(anna: Owner, invited):
    anna.guest_answers(invited.id, EVE, "Decline")
    invited.refresh()
    answers = {one.mailbox.email_address: one.response_type for one in invited.required_attendees}
    assert answers == {ROBERT: "Unknown", EVE: "Decline"}


class TestUpdates:
    def test_reach_the_copies(self, exchange, robert: Owner, invited):
        told(exchange)
        invited.subject, invited.location = "Anew", "HQ"
        invited.save(
            update_fields=["subject", "location"],
            send_meeting_invitations=SEND_TO_ALL_AND_SAVE_COPY,
        )
        assert told(exchange) == [(EVE, "update"), (ROBERT, "update")]
        data = robert.item("Anew").data
        assert data["Location"] == "HQ"

    def test_silent_ones_do_not(self, exchange, robert: Owner, invited):
        told(exchange)
        invited.subject = "Anew"
        invited.save(update_fields=["subject"], send_meeting_invitations=SEND_TO_NONE)
        assert told(exchange) == []
        assert robert.item("Kick-off")

    def test_keep_answers_unless_the_time_changes(self, anna: Owner, robert: Owner, invited):
        robert.respond(robert.item("Kick-off").id, "Accept")
        anna.update(invited.id, TO_ALL, Location="HQ")
        assert robert.item("Kick-off").data["MyResponseType"] == "Accept"
        anna.update(invited.id, TO_ALL, Start=at("23T11:00"), End=at("23T12:00"))
        data = robert.item("Kick-off").data
        assert data["MyResponseType"] == "NoResponseReceived"
        assert data["Start"] == at("23T11:00")

    def test_to_those_who_are_concerned(self, exchange, robert: Owner, invited):
        told(exchange)
        invited.refresh()
        invited.required_attendees = [invited.required_attendees[0], attendee("new@client.example")]
        invited.save(
            update_fields=["required_attendees"], send_meeting_invitations=SEND_ONLY_TO_CHANGED
        )
        assert told(exchange) == [(EVE, "cancellation"), ("new@client.example", "invitation")]

    def test_leave_what_is_the_guests_own(self, anna: Owner, robert: Owner, invited):
        copy = robert.item("Kick-off").id
        robert.update(copy, Categories=["mine"], ReminderMinutesBeforeStart=5)
        anna.update(invited.id, TO_ALL, Subject="Anew")
        data = robert.item("Anew").data
        assert (data["Categories"], data["ReminderMinutesBeforeStart"]) == (["mine"], 5)

    def test_of_a_copy_reach_nobody(self, exchange, anna: Owner, invited, sign_in: SignIn):
        told(exchange)
        copy = _copy(sign_in(ROBERT))
        copy.refresh()
        copy.subject = "Robert's"
        copy.save(update_fields=["subject"], send_meeting_invitations=SEND_TO_ALL_AND_SAVE_COPY)
        assert told(exchange) == []
        assert anna.get(invited.id).data["Subject"] == "Kick-off"
        anna.update(invited.id, TO_ALL, Location="HQ")
        assert _copy(sign_in(ROBERT)).location == "HQ", "and the organiser's next change wins"


class TestEnd:
    def test_cancelled(self, exchange, anna: Owner, robert: Owner, invited):
        told(exchange)
        invited.cancel(new_body="Sorry")
        assert [one.body for one in exchange.mails] == ["Sorry", "Sorry"]
        assert told(exchange) == [(EVE, "cancellation"), (ROBERT, "cancellation")]
        assert anna.items() == []
        data = robert.item("Canceled: Kick-off").data
        assert (data["IsCancelled"], data["LegacyFreeBusyStatus"]) == (True, "Free")

    @pytest.mark.parametrize(
        ("answer", "error"),
        [
            ("accept", ErrorCalendarIsCancelledForAccept),
            ("tentatively_accept", ErrorCalendarIsCancelledForTentative),
            ("decline", ErrorCalendarIsCancelledForDecline),
        ],
    )
    def test_cancelled_is_not_answered(self, robert: Owner, invited, sign_in, answer, error):
        invited.cancel()
        copy = _copy(sign_in(ROBERT), "Canceled: Kick-off")
        copy.refresh()
        with pytest.raises(error):
            getattr(copy, answer)()

    def test_only_the_organiser_cancels(self, invited, sign_in: SignIn):
        copy = _copy(sign_in(ROBERT))
        copy.refresh()
        with pytest.raises(ErrorCalendarIsNotOrganizer):
            copy.cancel()

    @pytest.mark.parametrize("send", [SEND_TO_NONE, SEND_TO_ALL_AND_SAVE_COPY])
    def test_deleted(self, exchange, robert: Owner, invited, send: str):
        told(exchange)
        invited.delete(send_meeting_cancellations=send)
        loud = send != SEND_TO_NONE
        assert len(told(exchange)) == (2 if loud else 0)
        assert [one.data["IsCancelled"] for one in robert.items()] == [loud], "silent: a ghost"

    def test_copy_deleted(self, exchange, anna: Owner, invited, sign_in: SignIn):
        told(exchange)
        copy = _copy(sign_in(ROBERT))
        copy.delete(send_meeting_cancellations=SEND_TO_ALL_AND_SAVE_COPY)
        assert told(exchange) == []
        assert [one["response"] for one in anna.get(invited.id).data["RequiredAttendees"]] == [
            "Unknown"
        ] * 2
