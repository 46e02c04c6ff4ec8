"""The engine's `sync.store.Store` over the ORM: bulk reads, bulk writes, no decision of its own."""

from .odoo_store import OdooStore
