"""Newer scripts look for it here."""

from hooking import *  # noqa: F401,F403
