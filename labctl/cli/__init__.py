"""The command line: a file per command, the table that wires them, the one handler that catches everything.

Here belongs what is typed and what is printed. Whatever a command does beyond that is done in a room below.
"""
