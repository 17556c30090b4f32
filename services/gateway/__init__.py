"""The gateway: the public API; lets nothing malformed in and nothing wait for ever."""
