"""What a learner can look at: metrics, traces, logs, the database, the architecture, as typed answers.

Here belongs how a lab is queried, and how its answers are ordered. Nothing in it changes a lab, or judges it.
"""
