{
    "name": "Synced Meetings",
    "summary": "Meetings of Google Calendar, Microsoft 365 and Exchange on the contact card",
    "version": "19.0.1.0.0",
    "category": "Productivity/Calendar",
    "author": "Synced Meetings",
    "license": "LGPL-3",
    "depends": ["calendar", "contacts"],
    "external_dependencies": {"python": ["cryptography", "python-dateutil"]},
    "data": [
        "security/groups.xml",
        "security/ir.model.access.csv",
        "security/account_rules.xml",
        "security/meeting_rules.xml",
        "data/ir_cron.xml",
        "security/screens.xml",
        "views/menus.xml",
        # views of meetings
        # views of accounts
    ],
    "demo": [],
    "assets": {},
    "application": True,
}
