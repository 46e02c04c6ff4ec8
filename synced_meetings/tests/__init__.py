from . import (
    test_account,
    test_oauth,
    test_secrets,
)
