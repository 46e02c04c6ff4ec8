from . import (
    test_connect,
    test_preview,
    test_pull,
    test_pull_calendars,
    test_pull_colleagues,
    test_pull_counts,
    test_pull_faults,
    test_pull_series,
    test_push,
    test_push_counts,
    test_push_life,
    test_push_series,
)
