"""What may happen to a lab, and how: up, down, injected, healed, examined.

Here belongs what holds a lab's lock. Nothing in it knows of learners, or of proofs.
"""
