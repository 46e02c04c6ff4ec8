from . import controllers, models


def uninstall_hook(env):
    """Forget how this server is known to Microsoft, and every sealed secret of it."""
    accounts = env["synced.account"].with_context(active_test=False)
    accounts.search([("provider", "=", "exchange")])._end_channels()
    parameters = env["ir.config_parameter"].sudo()
    parameters.search([("key", "=like", "synced_meetings_exchange.%")]).unlink()
