"""The domain: vocabulary, probes, faults, what they measure, signatures, verdicts, incidents.

Here belongs what can be thought through on paper: values and functions of values. Nothing in it asks a server, runs a
program or opens a file.
"""
