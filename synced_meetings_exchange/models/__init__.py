from . import (
    res_config_settings,
    synced_exchange_server,
    synced_account,
    synced_account_form,
    synced_account_connect,
    synced_account_microsoft,
    synced_account_server,
    synced_account_health,
    synced_calendar,
    synced_roll_out,
    synced_doctor,
    synced_secret,
)
