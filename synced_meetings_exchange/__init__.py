from . import controllers, models


def uninstall_hook(env):
    """Forget how this server is known to Microsoft, and every sealed secret of it."""
    parameters = env["ir.config_parameter"].sudo()
    parameters.search([("key", "=like", "synced_meetings_exchange.%")]).unlink()
