"""An incident's life: started, answered with evidence, ended, explained.

Here belongs what a learner does and is told. Nothing in it proves faults.
"""
