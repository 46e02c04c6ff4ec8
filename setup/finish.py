"""Run by ``odoo shell`` at the end of making a database: what goes through the ORM."""

import os

PAGES = {
    "web.assets_web",
    "web.assets_web_print",
    "web.assets_frontend",
    "web.assets_frontend_minimal",
    "web.assets_frontend_lazy",
}
TESTS = {
    "web.__assets_tests_call__",
    "web.assets_tests",
    "web.assets_unit_tests",
    "web.assets_unit_tests_setup",
}

# `env` is given by the shell.
demo = "DEMO_CLIENT_ID" in os.environ
if demo:
    env["res.config.settings"].create(  # noqa: F821
        {
            "synced_google_client_id": os.environ["DEMO_CLIENT_ID"],
            "synced_google_client_secret": os.environ["DEMO_CLIENT_SECRET"],
        }
    ).execute()
# Otherwise the first page would wait for its bundles, and a browser test longer than it may.
qweb = env["ir.qweb"]  # noqa: F821
scripts, styles = qweb._get_bundles_to_pregenarate()
for name in PAGES if demo else PAGES | TESTS:
    if name in scripts:
        qweb._get_asset_bundle(name, css=False, js=True).js()
    if name in styles:
        qweb._get_asset_bundle(name, css=True, js=False).css()
env.cr.commit()  # noqa: F821
