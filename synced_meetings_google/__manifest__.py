{
    "name": "Synced Meetings: Google Calendar",
    "summary": "Connects Google Calendar to Synced Meetings",
    "version": "19.0.1.1.0",
    "category": "Productivity/Calendar",
    "author": "Synced Meetings",
    "license": "LGPL-3",
    "depends": ["synced_meetings"],
    "external_dependencies": {
        "python": ["google-api-python-client", "google-auth", "google-auth-httplib2"]
    },
    "data": ["views/synced_account_views.xml", "views/res_config_settings_views.xml"],
    "assets": {"web.assets_backend": ["synced_meetings_google/static/src/**/*"]},
    "auto_install": False,
    "uninstall_hook": "uninstall_hook",
}
