from . import (
    test_access,
    test_account,
    test_bulk,
    test_hoot,
    test_oauth,
    test_partner,
    test_quarantine,
    test_recurrence_words,
    test_runs,
    test_secrets,
    test_status,
    test_views,
)
