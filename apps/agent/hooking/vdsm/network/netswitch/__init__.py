"""Who knows the host's networks."""

from vdsm.network.netswitch import configurator  # noqa: F401
