"""Create very many rows in few statements.

The same values, defaults, conversions, constraints and recomputations as `create`, which inserts
a hundred rows a statement and keeps each of them in memory. A model whose `create` is extended
by another add-on is created in the ORM's own way.
"""

from collections import defaultdict

from odoo import Command
from odoo.models import BaseModel
from odoo.tools import SQL

OURS = "odoo.addons.synced_meetings.models."
ROWS = 1000  # of one statement; bounds its memory


def create(model, vals_list):
    """Return new rows of ``model``; many2many by `Command.set`, one2many by `Command.create`."""
    if not vals_list:
        return model.browse()
    if _is_extended(model):
        return model.create(vals_list)
    env = model.env
    env.flush_all()
    records = _insert(model, vals_list)
    env.invalidate_all(flush=False)
    names = {name for vals in vals_list for name in vals}
    computed = [f for f in map(model._fields.get, names) if f.store and f.compute]
    with env.protecting(computed, records):
        records.modified(names, create=True)
    records._validate_fields(names)
    return records


def _is_extended(model):
    owner = next(cls for cls in type(model).mro() if "create" in vars(cls))
    # The doors for people check what they want to change; a calendar needs none.
    return owner is not BaseModel and not owner.__module__.startswith(OURS)


def _insert(model, vals_list):
    """Insert rows, what they have in relations, and their children."""
    ids = _next_ids(model, len(vals_list))
    names = {name for vals in vals_list for name in vals}
    relations = [f for f in map(model._fields.get, sorted(names)) if f.type.endswith("2many")]
    _insert_columns(model, ids, vals_list)
    for field in relations:
        pairs = [
            (i, c) for i, vals in zip(ids, vals_list, strict=True) for c in vals.get(field.name, ())
        ]
        if field.type == "many2many":
            _insert_relation(model, field, [(i, target) for i, c in pairs for target in c[2]])
        elif pairs:
            children = [c[2] | {field.inverse_name: i} for i, c in pairs if c[0] == Command.CREATE]
            create(model.env[field.comodel_name], children)
    return model.browse(ids)


def _next_ids(model, count):
    """Take ids beforehand: PostgreSQL does not promise the order of what RETURNING answers."""
    env, sequence = model.env, SQL("pg_get_serial_sequence(%s, 'id')", model._table)
    # Looked up once: in the list of columns it would be for each row.
    query = SQL(
        """WITH ids AS MATERIALIZED (SELECT %s::regclass AS sequence)
        SELECT nextval(sequence) FROM ids, generate_series(1, %s)""",
        sequence,
        count,
    )
    return [row[0] for row in env.execute_query(query)]


def _insert_columns(model, ids, vals_list):
    names = {name for vals in vals_list for name in vals}
    fields = [field for field in model._fields.values() if field.store and field.column_type]
    defaults = model.default_get([field.name for field in fields if field.name != "id"])
    if model._log_access:
        now, uid = model.env.cr.now(), model.env.uid
        defaults |= {"create_uid": uid, "write_uid": uid, "create_date": now, "write_date": now}
    fields = [field for field in fields if field.name in names or field.name in defaults]
    columns = defaultdict(list)
    for vals in vals_list:
        for field in fields:
            value = vals.get(field.name, defaults.get(field.name))
            columns[field].append(field.convert_to_column_insert(value, model, vals))
    for first in range(0, len(ids), ROWS):
        part = slice(first, first + ROWS)
        arrays = [("id", "int4", ids[part])]
        arrays += [(f.name, f.column_type[1], columns[f][part]) for f in fields]
        _insert_arrays(model.env, model._table, arrays)


def _insert_relation(model, field, pairs):
    for first in range(0, len(pairs), 10 * ROWS):
        part = pairs[first : first + 10 * ROWS]
        columns = (
            (field.column1, [one for one, _ in part]),
            (field.column2, [two for _, two in part]),
        )
        arrays = [(name, "int4", values) for name, values in columns]
        _insert_arrays(model.env, field.relation, arrays)


def _insert_arrays(env, table, arrays):
    """Insert columns, given as (name, type, values), as one statement of constant text."""
    env.cr.execute(
        SQL(
            "INSERT INTO %s (%s) SELECT * FROM unnest(%s)",
            SQL.identifier(table),
            SQL(", ").join(SQL.identifier(name) for name, _, _ in arrays),
            SQL(", ").join(SQL("%s::" + kind + "[]", values) for _, kind, values in arrays),
        )
    )
