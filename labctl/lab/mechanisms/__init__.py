"""The mechanisms: every way to change a running lab, a file each, with verbs that act and one `undo`.

Whoever changes a lab goes this way: a fault, a colleague whose change is harmless, a learner who mitigates. Before a
verb touches anything, it writes what is there to the undo log; `undo` needs nothing else to give it back. A new effect
is a new verb here, and nothing new on `Lab`.
"""
