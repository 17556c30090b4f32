"""One running lab: the only door through which anything changes it, and what can be told of it from outside.

Here belongs every way to change a lab and to undo it, a file each, and the facts by which two moments are compared.
Nothing in it decides whether something may be done, or what it means.
"""
