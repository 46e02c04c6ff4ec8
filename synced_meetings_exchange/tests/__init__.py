from . import (
    test_both_ways,
    test_connect_microsoft,
    test_connect_server,
    test_form,
    test_hoot,
    test_mixed,
    test_moved,
    test_roll_out,
    test_secrets,
    test_sentences,
    test_settings,
    test_switch,
)
