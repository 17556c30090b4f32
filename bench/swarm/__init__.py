"""A game day over two hosts, one of which is lost: python -m bench.swarm."""
