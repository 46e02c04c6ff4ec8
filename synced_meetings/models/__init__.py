from . import (
    res_company,
    synced_account,
    synced_calendar,
    synced_meeting,
    synced_meeting_attendee,
    synced_meeting_link,
    synced_meeting_series,
    synced_sync_quarantine,
    synced_sync_run,
)
