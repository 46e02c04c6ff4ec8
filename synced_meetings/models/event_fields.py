"""The choices that meetings and series share; the keys are the engine's own words."""

STATES = [("confirmed", "Confirmed"), ("tentative", "Tentative"), ("cancelled", "Cancelled")]
PRIVACY = [("public", "Public"), ("private", "Private")]
SHOW_AS = [
    ("free", "Free"),
    ("tentative", "Tentative"),
    ("busy", "Busy"),
    ("oof", "Out of office"),
    ("elsewhere", "Working elsewhere"),
]
