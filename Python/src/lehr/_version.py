"""The version of this package and of the protocol that it speaks."""

__version__ = "0.1.0"
