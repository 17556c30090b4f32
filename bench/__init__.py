"""Measures the lab's budgets on this machine: `python -m bench`, or `make bench`. It is no test: nothing can fail."""
