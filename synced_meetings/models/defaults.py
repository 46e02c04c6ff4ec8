"""Defaults that a person cannot choose: by a context, or as one's own default, anybody can."""


def own_defaults(model, values, chosen=()):
    """Return the default ``values`` of ``model``; a person chooses only those of ``chosen``."""
    kept = {name: value for name, value in values.items() if name in chosen}
    for name in values.keys() - kept.keys():
        field = model._fields[name]
        if field.default:
            value = field.convert_to_cache(field.default(model), model, validate=False)
            kept[name] = field.convert_to_write(value, model)
    return kept
