from . import (
    test_form,
    test_secrets,
    test_sentences,
    test_settings,
)
