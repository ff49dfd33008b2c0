"""One file per command of ``race-sim``; ``add(commands)`` declares it. Found by folder, and imported by every start:
what a command needs in order to work it imports when it runs.
"""
