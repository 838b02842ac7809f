"""Where commands are."""

import errno
import os
import shutil


class CommandPath:
    """The first of `paths` that is there, or else `name` from PATH unless `search_path` is false."""

    def __init__(self, name, *paths, search_path=True):
        self._name = name
        self._paths = paths
        self._search_path = search_path

    @property
    def cmd(self):
        found = next((path for path in self._paths if os.path.exists(path)), None)
        if found is None and self._search_path:
            found = shutil.which(self._name)
        if found is None:
            raise OSError(errno.ENOENT, os.strerror(errno.ENOENT), self._name)
        return found

    def __str__(self):
        return self.cmd
