"""Measures the lab's budgets on this machine: `python -m bench`, or `make bench`. Never a test: it judges nothing."""
