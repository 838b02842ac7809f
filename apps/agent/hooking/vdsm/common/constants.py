"""Newer scripts look for them here."""

from vdsm.constants import P_VDSM_RUN, SYSCONF_PATH  # noqa: F401
