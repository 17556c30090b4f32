"""A real, containerised chaos lab to practise debugging production."""

from importlib.metadata import version

__version__ = version("labctl")
