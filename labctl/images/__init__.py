"""The images that a lab runs, and the releases that they are built from.

Here belongs how a version is built. Nothing in it rolls a version out.
"""
