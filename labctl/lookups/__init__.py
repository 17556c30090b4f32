"""What a learner can look at: metrics, traces, logs, the database, the architecture, as typed answers.

Here belongs how a lab is asked, and how its answers are put in order. Nothing in it changes a lab, or judges it.
"""
