"""A run that is killed anywhere goes on, as if nothing had been; see worker.py and trial.py."""
