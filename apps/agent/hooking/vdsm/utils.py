"""Odds and ends that scripts import."""

from contextlib import closing  # noqa: F401
