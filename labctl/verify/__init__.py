"""Verifying faults: single runs, batches of runs, their records, and whether signatures tell faults apart.

Code that only a pipeline needs belongs here. Nothing here knows of learners.
"""
