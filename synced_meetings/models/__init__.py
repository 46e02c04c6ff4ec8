from . import (
    res_company,
    res_partner_match,
    synced_account,
    synced_calendar,
    synced_meeting,
    synced_meeting_attendee,
    synced_meeting_conflict,
    synced_meeting_link,
    synced_meeting_series,
    synced_sync_quarantine,
    synced_sync_run,
)

# connecting, and who may
from . import (
    synced_secret,
    synced_consent,
    synced_account_state,
    synced_account_connect,
    synced_account_others,
    synced_account_told,
    synced_roll_out,
    synced_roll_out_line,
    synced_calendar_choice,
    res_users,
    res_config_settings,
    ir_ui_menu,
)

# being told at once
from . import synced_calendar_call, synced_calendar_channel, synced_account_channel

# supervision
from . import synced_account_health, synced_account_alarm

# changing meetings here, and telling people
from . import (
    synced_meeting_edit,
    synced_meeting_repeat,
    synced_series_kept,
    synced_meeting_history,
    synced_meeting_held,
    synced_meeting_hidden,
    synced_meeting_send,
    synced_meeting_guard,
    synced_meeting_text,
    synced_meeting_crm,
    synced_meeting_join,
    synced_told,
    synced_meeting_mail,
    synced_series_mail,
    synced_meeting_place,
)

# what screens add to them
from . import (
    res_company_box,
    res_partner,
    res_users_hours,
    res_users_settings,
    synced_meetings_box,
    res_users_own_hours,
    res_partner_box,
    synced_calendar_status,
    synced_meeting_deletion,
    synced_meeting_ask,
    synced_meeting_availability,
    synced_meeting_filter,
    synced_meeting_effects,
    synced_meeting_form,
    synced_meeting_page,
    synced_meeting_screen,
    synced_quarantine_screen,
)

# moving over from Odoo's own meetings
from . import (
    calendar_event,
    synced_switch,
    synced_switch_old,
    synced_switch_adopt,
    synced_switch_templates,
)
