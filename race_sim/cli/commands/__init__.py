"""One file per command of ``race-sim``, found by folder: ``add(commands)`` declares it.

All are imported by every start: what a command needs in order to work it imports when it runs.
"""
