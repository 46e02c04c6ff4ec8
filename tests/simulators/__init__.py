"""Servers that behave like the calendar services, for tests and for the demo."""
