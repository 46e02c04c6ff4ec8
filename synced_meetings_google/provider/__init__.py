"""Google Calendar as a provider: pure Python, no Odoo."""
