"""The faults there are: loaded, chosen, checked, written anew.

Here belongs what can be done with a fault's file without a lab.
"""
