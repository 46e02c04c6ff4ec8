"""Run by ``odoo shell``: keep meetings of more days, in all companies and in new ones."""

import os

past, future = int(os.environ["WINDOW_PAST_DAYS"]), int(os.environ["WINDOW_FUTURE_DAYS"])
# `env` is given by the shell.
env["res.company"].search([]).write(  # noqa: F821
    {"synced_window_past_days": past, "synced_window_future_days": future}
)
for name, days in (("past", past), ("future", future)):
    env["ir.config_parameter"].set_param(f"synced_meetings.window_{name}_days", days)  # noqa: F821
env.cr.commit()  # noqa: F821
