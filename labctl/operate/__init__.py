"""What is done to a lab: bring up, take down, inject, heal, examine.

Code that holds a lab's lock belongs here. Nothing here knows of learners or of verifications.
"""
