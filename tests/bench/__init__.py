"""How fast the first sync is, beside Odoo's own `google_calendar`; see pull.py."""
