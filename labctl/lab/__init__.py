"""One running lab: the only door through which anything changes it, and the facts that can be seen from outside.

Here belongs every way to change a lab and to undo the change, a file each, and the facts by which a lab is compared
before and after. Nothing in it decides whether a change is allowed, or what it means.
"""
