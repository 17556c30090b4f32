"""The director: a process for each lab that plays the script of what colleagues do, before, during and after incidents.

It may be killed at any point: whoever comes next goes on, and no step is done twice.
"""
