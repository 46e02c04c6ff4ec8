"""What a manager sees of all connections, and how a calendar tells Odoo at once."""

from playwright.sync_api import expect

HEALTH = "/odoo/calendar-health"
WEBHOOK = "synced_meetings.webhook_url"


def test_told_at_once_and_seen_by_the_manager(sit, product):
    administrator = product.administrator()
    # The simulated Google stands on this machine, and calls without TLS.
    product.odoo.call("ir.config_parameter", "set_param", WEBHOOK, product.odoo.url)
    try:
        ann = product.newcomer("Hanna")
        hers = sit(ann)
        hers.connect(ann)
        expect(hers.card).to_contain_text("push until")

        boss = sit(administrator)
        page = boss.page
        boss.open(HEALTH)
        summary = page.locator(".o_synced_health")
        expect(summary.locator("[data-fact=never]")).to_be_visible()
        summary.locator("[data-state=connected]").click()
        row = page.locator(".o_data_row", has_text=ann.name)
        expect(row).to_contain_text("Connected")
        boss.picture("60-health")

        row.get_by_role("checkbox").check()
        page.get_by_role("button", name="Pause", exact=True).click()
        page.locator(".modal").get_by_role("button", name="Ok").click()
        expect(summary.locator("[data-state=paused]")).to_contain_text("1")
        summary.locator("[data-state=paused]").click()
        expect(page.locator(".o_facet_value")).to_have_text("Paused")
        expect(row).to_contain_text("A manager paused this calendar")
        row.get_by_role("checkbox").check()
        page.get_by_role("button", name="Read now").click()
        expect(page.get_by_role("alert").filter(has_text="are being read")).to_be_visible()

        page.get_by_role("button", name="Doctor").click()
        dialog = page.locator(".modal")
        expect(dialog).to_contain_text("A call comes back to this server")
        boss.picture("61-doctor")
        dialog.get_by_role("contentinfo").get_by_role("button", name="Close").click()
    finally:
        product.odoo.call("ir.config_parameter", "set_param", WEBHOOK, False)
