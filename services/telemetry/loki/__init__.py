"""The part of Loki's API that Grafana uses, over the store."""
