"""The command line: a file per command, the table that wires them, the one handler that catches everything.

Code that reads a command line or prints an answer belongs here; the packages below do the rest of a command's work.
"""
