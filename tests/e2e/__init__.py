"""Stories: a person, a browser, and the whole product."""
