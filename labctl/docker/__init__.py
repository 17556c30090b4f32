"""Docker as programs use it: its daemon, its compose, its containers, and the servers reached inside of one.

Here belongs what is true of any container. Nothing in it knows which services a lab has, or what labctl remembers.
"""
