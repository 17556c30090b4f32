"""The facts of each part of a lab, as seen from outside: a fingerprint is made of them."""
