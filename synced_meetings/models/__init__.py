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
# what screens add to them
from . import (
    res_company_box,
    res_partner,
    res_users_settings,
    res_partner_box,
    synced_calendar_status,
    synced_meeting_filter,
    synced_meeting_screen,
)
