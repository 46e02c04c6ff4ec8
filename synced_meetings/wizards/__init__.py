from . import synced_meeting_cancel
