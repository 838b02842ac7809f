"""Files that may be there or not."""

import contextlib
import os


def rm_file(path):
    with contextlib.suppress(FileNotFoundError):
        os.unlink(path)


def touch_file(path):
    with open(path, 'a'):
        os.utime(path, None)
