"""The sync engine: pure Python, knows neither Odoo nor any provider."""
