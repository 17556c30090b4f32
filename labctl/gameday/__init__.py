"""The game day: many teams, a lab each, the same incident at the same moment, behind one hub with one address.

It reaches labs by the same actions as everybody else. Its own state is one SQLite file (store.py); the hub (web/) lets
people in and passes what they ask on to their team's room; the keeper starts again what was killed.
"""
