"""What is true of each part of a lab, as seen from outside: what a fingerprint is made of."""
