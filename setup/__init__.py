"""What the two commands of the README, setup/run and setup/test, are made of."""
