"""The mechanisms: every way to change a running lab, a file each, with verbs that act and one `undo`.

Every change of a lab goes through them: that of a fault, of a colleague whose change is harmless, of a learner who
mitigates. Before a verb changes anything, it writes the present state to the undo log; `undo` needs nothing else to
restore it. A new effect is a new verb here, and nothing new on `Lab`.
"""
