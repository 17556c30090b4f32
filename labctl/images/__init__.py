"""The images that a lab runs, and the releases that they are built from.

Here belongs how a version comes to be. Nothing in it rolls one out.
"""
