"""The bridge that stands for being connected to nothing."""

DUMMY_BRIDGE = ';vdsmdummy;'
