"""Allmende: shared ground for cooperatives. Floors and rooms are explained in docs/house.md."""

__version__ = "0.1.0"
