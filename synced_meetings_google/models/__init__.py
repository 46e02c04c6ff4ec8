from . import (
    res_config_settings,
    synced_account,
    synced_account_service,
    synced_roll_out,
    synced_calendar,
    synced_doctor,
    synced_secret,
)
