"""Docker as programs use it: its daemon, compose, containers, and the servers inside containers.

Here belongs what works with any container. Nothing in it knows which services a lab has, or what labctl remembers.
"""
