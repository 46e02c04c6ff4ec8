from . import (
    res_config_settings,
    synced_account,
    synced_secret,
)
