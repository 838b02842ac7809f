"""Where `ip` is."""

from vdsm.common.cmdutils import CommandPath

_IP_BINARY = CommandPath('ip', '/sbin/ip')
