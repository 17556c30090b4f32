"""What labctl remembers of a lab between commands: one SQLite file, its settings files, its lock.

Here belongs how something is kept. What it means is the business of the rooms above.
"""
