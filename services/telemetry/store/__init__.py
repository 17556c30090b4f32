"""Spans and logs in SQLite: one writer thread, readers that come and go, bounded by age and size."""
