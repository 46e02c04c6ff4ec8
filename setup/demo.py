"""Run by ``odoo shell`` once in a new demonstration: what goes through the ORM."""

import os

# `env` is given by the shell.
settings = env["res.config.settings"]  # noqa: F821
if "synced_google_client_secret" in settings._fields:
    settings.create(
        {
            "synced_google_client_id": os.environ["DEMO_CLIENT_ID"],
            "synced_google_client_secret": os.environ["DEMO_CLIENT_SECRET"],
        }
    ).execute()
env.cr.commit()  # noqa: F821
