"""Our own properties of an item: the same by Graph and by EWS, so that they survive a move."""

SET = "8c5d2a51-3f0e-4b7b-9d65-0a3f6c1e7b42"
KEY, ZONE = "SyncedMeetingsKey", "SyncedMeetingsZone"
