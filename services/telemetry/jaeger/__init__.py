"""Jaeger's query API over the store."""
