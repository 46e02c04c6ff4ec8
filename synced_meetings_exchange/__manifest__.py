{
    "name": "Synced Meetings: Microsoft 365 and Exchange",
    "summary": "Connects Microsoft 365 and own Exchange servers to Synced Meetings",
    "version": "19.0.1.1.0",
    "category": "Productivity/Calendar",
    "author": "Synced Meetings",
    "license": "LGPL-3",
    "depends": ["synced_meetings"],
    "external_dependencies": {"python": ["exchangelib", "msal"]},
    "data": [
        "security/ir.model.access.csv",
        "views/synced_exchange_server_views.xml",
        "views/synced_account_views.xml",
        "views/synced_roll_out_views.xml",
        "views/res_config_settings_views.xml",
    ],
    "assets": {
        "web.assets_backend": ["synced_meetings_exchange/static/src/**/*"],
        "web.assets_unit_tests": ["synced_meetings_exchange/static/tests/**/*.test.js"],
    },
    "auto_install": False,
    "uninstall_hook": "uninstall_hook",
}
