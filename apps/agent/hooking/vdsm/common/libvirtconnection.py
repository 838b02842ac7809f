"""The agent's libvirtd. Needs libvirt's own module for Python."""

import libvirt


def get(target=None, killOnFailure=True):
    """A connection of its own. What VDSM does with the arguments concerns VDSM itself only."""
    return libvirt.open(None)
