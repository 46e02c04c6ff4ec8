{
    "name": "Synced Meetings: CRM",
    "summary": "Meetings on the opportunity they are about",
    "version": "19.0.1.0.0",
    "category": "Productivity/Calendar",
    "author": "Synced Meetings",
    "license": "LGPL-3",
    "depends": ["synced_meetings", "crm"],
    "data": ["views/crm_lead_views.xml"],
    "auto_install": True,
}
