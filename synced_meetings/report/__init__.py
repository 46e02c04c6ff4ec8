from . import synced_meeting_report
