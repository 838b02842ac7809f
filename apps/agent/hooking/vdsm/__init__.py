"""What hook scripts import of the package vdsm, for hosts without it. An installed vdsm comes first, module by module."""

import pkgutil

_ours = __path__[0]
__path__ = [*(place for place in pkgutil.extend_path([], __name__) if place != _ours), _ours]
