"""Names of what not everybody may read, also where Odoo names it as superuser."""


def shown_to_reader(records):
    """Return those of ``records`` that the user behind them may read.

    Odoo names the target of a many2one, and in debug mode what it refuses, as superuser.
    """
    return records.sudo(False)._filtered_access("read") if records.env.su else records
