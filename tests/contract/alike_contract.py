"""What is written is what is read, whatever the event: for each service that saves quietly."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from random import Random
from typing import ClassVar

import pytest

from odoo.addons.synced_meetings.sync.canonical import canonical
from odoo.addons.synced_meetings.sync.event import Change, Event

from .provider_contract import said
from .push_changes import create, done, read


class AlikeContract:
    """A test module gives it a fixture ``server``, and what events its service may hold."""

    arbitrary: ClassVar[Callable[[Random], Event]]

    @pytest.mark.parametrize("seed", range(3))
    def test_any_event_is_written_and_read_alike(self, server, seed):
        random, provider = Random(seed), server.provider()
        events = [canonical(self.arbitrary(random), str) for _ in range(50)]
        copies = done(provider, *(create(provider, event) for event in events))
        for _ in range(3):
            assert read(server) == {copy.id: copy for copy in copies}
            for copy, event in zip(copies, events, strict=True):
                assert said(copy.event) == said(event)
                assert canonical(copy.event, str).attendees == event.attendees
            events = [canonical(self.arbitrary(random), str) for _ in events]
            pairs = zip(copies, events, strict=True)
            changes = (replace(event, uid=copy.event.uid) for copy, event in pairs)
            pairs = zip(copies, changes, strict=True)
            copies = done(provider, *(Change("update", copy, event) for copy, event in pairs))
