from . import (
    synced_disconnect,
    synced_doctor,
    synced_meeting_cancel,
    synced_meeting_preview,
    synced_meeting_print,
)
