"""What every other package uses: errors, waiting, time, text, files, paths, progress.

Here belongs what any command line could use. Nothing in it knows of labs, faults or Docker.
"""
