"""Fog: how incomplete the telemetry is that this service passes on. It changes nothing in the services that send it."""
