"""At whichever write a run is killed, a fresh one goes on: nothing twice, lost, or mailed again.

Rules R6 and R7, over all writes of a run.
"""

import json

import pytest

SIZE = 20
DELETED = 2
MOMENTS = ("before", "after")


def test_undisturbed(trial):
    odoo = trial.expected.odoo
    assert odoo["open"] == odoo["conflicts"] == odoo["quarantine"] == 0
    assert not odoo["error"]
    made = [row for row in odoo["meetings"] if row["name"].startswith("Made") and row["active"]]
    there = [one for one in trial.expected.events if '"Made' in one and '"confirmed"' in one]
    assert len(made) == len(there) == SIZE - DELETED
    alone = [one for one in trial.expected.mails if one.endswith((" First", " Second"))]
    assert alone == [f"guest0@client.example invitation {name}" for name in ("First", "Second")]
    assert trial.expected.twice == []


@pytest.mark.parametrize("when", MOMENTS)
def test_at_writes(trial, when):
    """Before: the connection breaks there. After: Google does the rest, though nobody listens.

    Every third write: those of a batch differ in nothing but their number.
    """
    for number in range(1, trial.writes + 1, 3):
        trial.begin_again()
        trial.run_until_held(number, when)
        trial.release(number, cut=when == "before")
        trial.check()


@pytest.mark.parametrize("share", [0.2, 0.5, 0.8])
def test_google_is_slower_than_the_next_run(trial, share):
    """What was sent before the end arrives when the next run has done it."""
    number = int(trial.writes * share)
    trial.begin_again()
    trial.run_until_held(number, "before")
    trial.go_on()
    trial.release(number, cut=False)
    trial.check()


@pytest.mark.parametrize("share", [0.2, 0.5, 0.8, 1])
def test_edited_before_the_next_run(trial, share):
    """What people change while nothing runs joins what was sent, and mails no one again."""
    number = int(trial.writes * share)
    trial.begin_again()
    trial.run_until_held(number, "after")
    trial.release(number, cut=True)
    trial.worker.do("edit", word="later")
    trial.go_on()
    found = trial.facts()
    here = {row["name"] for row in found.odoo["meetings"] if row["active"]}
    made = {name for name in here if name.startswith("Made")}
    there = [json.loads(one)[1] for one in found.events if '"confirmed"' in one and "Made" in one]
    assert len(made) == SIZE - DELETED
    assert all(name.endswith("later") for name in made)
    assert sorted(there) == sorted(made)
    assert found.odoo["open"] == found.odoo["conflicts"] == 0
    assert [one.split()[:2] for one in found.mails] == [
        one.split()[:2] for one in trial.expected.mails
    ]
