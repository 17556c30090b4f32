"""The catalogue of faults: they are loaded, chosen, checked, and new ones begun.

Here belongs everything that can be done with a fault's file without a lab.
"""
