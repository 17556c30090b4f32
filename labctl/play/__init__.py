"""An incident's life: it is started, answered with evidence, ended and explained.

What a learner does, and what labctl tells a learner, belongs here. Nothing here verifies faults.
"""
