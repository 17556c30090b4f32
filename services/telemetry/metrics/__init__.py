"""The last point of every series, as Prometheus reads it."""
