"""Proving faults: runs, batches of them, their records, what tells signatures apart.

Here belongs what a pipeline asks for. Nothing in it knows of learners.
"""
