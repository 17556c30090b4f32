"""The incident room: one lab in the browser, as a single-user server. It keeps nothing: all state is the lab's.

It calls actions, as the command line does, so both share the journal and the verdicts. `README.md` says how a view is
added.
"""
