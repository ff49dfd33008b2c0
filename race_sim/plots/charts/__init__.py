"""One file per plot, named by it, with an example: a new plot takes one new file here."""
