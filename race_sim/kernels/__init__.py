"""The compiled layer: floats and arrays in, arrays out.

Nothing here validates, reads files or knows classes. Every law of the race is written once, as a jitted function,
and is called both by the batch runner (``run.py``) and by the Mesa agents.
"""
