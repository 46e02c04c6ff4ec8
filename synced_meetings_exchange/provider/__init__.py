"""Microsoft 365 (Graph) and own Exchange servers (EWS) as providers: pure Python, no Odoo."""
