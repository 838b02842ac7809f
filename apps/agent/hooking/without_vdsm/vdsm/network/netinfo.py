"""Older scripts look for it here."""

from vdsm.network.api import DUMMY_BRIDGE  # noqa: F401
