"""UpdateItem through exchangelib: single properties, change keys, and what cannot be changed."""

from __future__ import annotations

import pytest
from exchangelib.errors import ErrorIrresolvableConflict, ErrorItemNotFound
from exchangelib.items import ALWAYS_OVERWRITE, AUTO_RESOLVE, NEVER_OVERWRITE

from simulators.ews import SimulatedExchange
from simulators.ews_owner import Owner
from simulators.exchange_kit import SignIn, at, codes, meeting, soap


class TestUpdate:
    def test_changes_what_was_named(self, anna: Owner, sign_in: SignIn):
        account = sign_in("anna@corp.example")
        item = meeting(account, location="HQ", categories=["a"], client_key="1").save()
        key = item.changekey
        item.subject, item.location, item.client_key = "Moved", "elsewhere", "2"
        item.start, item.end = at("24T09:00"), at("24T10:00")
        item.save(update_fields=["subject", "start", "end", "client_key"])
        assert item.changekey != key
        data = anna.get(item.id).data
        assert (data["Subject"], data["Location"]) == ("Moved", "HQ")
        assert data["Start"] == at("24T09:00")
        assert list(data["Extended"].values()) == ["2"]

    def test_empties_what_is_none(self, anna: Owner, sign_in: SignIn):
        account = sign_in("anna@corp.example")
        item = meeting(account, location="HQ", categories=["a"], client_key="1").save()
        item.location = item.categories = item.client_key = None
        item.save(update_fields=["location", "categories", "client_key"])
        data = anna.get(item.id).data
        assert "Location" not in data
        assert "Categories" not in data
        assert data["Extended"] == {}

    @pytest.mark.parametrize("mode", [NEVER_OVERWRITE, AUTO_RESOLVE])
    def test_stale_change_key(self, anna: Owner, sign_in: SignIn, mode: str):
        account = sign_in("anna@corp.example")
        item = meeting(account).save()
        anna.update(item.id, Subject="Anna's own")
        item.subject = "too late"
        with pytest.raises(ErrorIrresolvableConflict):
            item.save(update_fields=["subject"], conflict_resolution=mode)
        assert anna.get(item.id).data["Subject"] == "Anna's own"

    def test_never_overwrite_is_about_the_whole_item(self, anna: Owner, sign_in: SignIn):
        account = sign_in("anna@corp.example")
        item = meeting(account).save()
        anna.update(item.id, Location="changed meanwhile")
        item.subject = "another property"
        with pytest.raises(ErrorIrresolvableConflict):
            item.save(update_fields=["subject"], conflict_resolution=NEVER_OVERWRITE)
        item.save(update_fields=["subject"], conflict_resolution=AUTO_RESOLVE)
        data = anna.get(item.id).data
        assert (data["Subject"], data["Location"]) == ("another property", "changed meanwhile")

    def test_always_overwrite(self, anna: Owner, sign_in: SignIn):
        account = sign_in("anna@corp.example")
        item = meeting(account).save()
        anna.update(item.id, Subject="lost")
        item.subject = "wins"
        item.save(update_fields=["subject"], conflict_resolution=ALWAYS_OVERWRITE)
        assert anna.get(item.id).data["Subject"] == "wins"

    def test_of_what_is_gone(self, anna: Owner, sign_in: SignIn):
        account = sign_in("anna@corp.example")
        item = meeting(account).save()
        anna.delete(item.id)
        with pytest.raises(ErrorItemNotFound):
            item.save(update_fields=["subject"])

    @pytest.mark.parametrize(
        ("uri", "name"),
        [
            ("calendar:IsCancelled", "IsCancelled"),
            ("calendar:MyResponseType", "MyResponseType"),
        ],
    )
    def test_of_what_is_fixed(self, exchange: SimulatedExchange, anna: Owner, uri: str, name: str):
        view = anna.create(Subject="a")
        assert (
            self._set(exchange, view, uri, f"<t:{name}>true</t:{name}>")
            == "ErrorInvalidPropertySet"
        )

    @pytest.mark.parametrize(
        ("content", "code"),
        [
            (
                "<t:Subject>a</t:Subject><t:Location>b</t:Location>",
                "ErrorIncorrectUpdatePropertyCount",
            ),
            ("<t:Location>b</t:Location>", "ErrorUpdatePropertyMismatch"),
            ("", "ErrorIncorrectUpdatePropertyCount"),
        ],
    )
    def test_one_property_at_a_time(
        self, exchange: SimulatedExchange, anna: Owner, content: str, code: str
    ):
        view = anna.create(Subject="a")
        assert self._set(exchange, view, "item:Subject", content) == code

    def test_needs_a_change_key_and_to_say_who_is_told(
        self, exchange: SimulatedExchange, anna: Owner
    ):
        view = anna.create(Subject="a")
        content = "<t:Subject>b</t:Subject>"
        lacking = self._set(exchange, view, "item:Subject", content, key="")
        assert lacking == "ErrorChangeKeyRequiredForWriteOperations"
        silent = self._set(exchange, view, "item:Subject", content, send="")
        assert silent == "ErrorSendMeetingInvitationsOrCancellationsRequired"
        assert anna.get(view.id).data["Subject"] == "a"
        assert self._set(exchange, view, "item:Subject", content) == "NoError"

    def _set(self, exchange, view, uri, content, key=None, send="SendToNone") -> str:
        shown = f'ChangeKey="{view.key}"' if key is None else ""
        told = f'SendMeetingInvitationsOrCancellations="{send}"' if send else ""
        _, answer = soap(
            exchange,
            f'<m:UpdateItem ConflictResolution="AutoResolve" MessageDisposition="SaveOnly" {told}>'
            f'<m:ItemChanges><t:ItemChange><t:ItemId Id="{view.id}" {shown}/><t:Updates>'
            f'<t:SetItemField><t:FieldURI FieldURI="{uri}"/><t:CalendarItem>{content}'
            "</t:CalendarItem></t:SetItemField></t:Updates></t:ItemChange></m:ItemChanges></m:UpdateItem>",
        )
        return codes(answer)[0]
