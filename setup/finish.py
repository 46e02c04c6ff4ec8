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
demo = {
    name.removeprefix("DEMO_").lower(): value
    for name, value in os.environ.items()
    if name.startswith("DEMO_")
}
if demo:
    env["res.config.settings"].create(  # noqa: F821
        {
            "synced_google_client_id": demo["client_id"],
            "synced_google_client_secret": demo["client_secret"],
            "synced_exchange_client_id": demo["microsoft_client_id"],
            "synced_exchange_client_secret": demo["microsoft_client_secret"],
        }
    ).execute()
servers = env["synced.exchange.server"].with_context(active_test=False)  # noqa: F821
if demo and not servers.search_count([]):
    # Each start says anew where it listens, and which authority signed its certificate.
    servers.create(
        {
            "name": "Simulated Exchange server",
            "url": "https://127.0.0.1/EWS/Exchange.asmx",
            "private_network": True,
            "service_login": demo["service_login"],
            "service_password": demo["service_password"],
        }
    )
# Otherwise the first page would wait for its bundles, and a browser test longer than it may.
qweb = env["ir.qweb"]  # noqa: F821
scripts, styles = qweb._get_bundles_to_pregenarate()
for name in PAGES if demo else PAGES | TESTS:
    if name in scripts:
        qweb._get_asset_bundle(name, css=False, js=True).js()
    if name in styles:
        qweb._get_asset_bundle(name, css=True, js=False).css()
env.cr.commit()  # noqa: F821
