"""What labctl remembers of a lab between commands: one SQLite file, its settings files, its lock.

Here belongs how something is stored. The rooms above know what it means.
"""
