"""What both processes call the accounts and the events that do not count."""

SMALL = "small@corp.example"
WARM_UP = "Warm-up"  # how the small calendar's events are called, so that they are not counted


def owner(size: int) -> str:
    """Return whose calendar has ``size`` events."""
    return f"bench{size}@corp.example"
