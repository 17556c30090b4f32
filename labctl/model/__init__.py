"""The domain: vocabulary, probes, faults, what they measure, signatures, verdicts, incidents.

Here belong values, and functions that need nothing but values. Nothing in it asks a server, runs a program or opens a
file.
"""
