"""Older scripts look for the bridge here."""

from vdsm.network.api import DUMMY_BRIDGE  # noqa: F401
from vdsm.network.netinfo import cache  # noqa: F401
