"""The gateway: the public API; refuses malformed requests, and gives every other one a deadline."""
