"""Whether hidden incidents can be solved by a rule: `python -m bench.shortcuts` plays them, a player for each rule.

Every player gets the same look-ups of the same incident, made once through `labctl … --json`; none gets the fault's id.
"""
