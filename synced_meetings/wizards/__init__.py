from . import synced_meeting_cancel, synced_meeting_preview, synced_meeting_print
