"""The room's API: the actions of `labctl/actions/served.py` over HTTP, for terminals, programs and agents elsewhere."""
