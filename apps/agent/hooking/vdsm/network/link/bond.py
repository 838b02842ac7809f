"""A bond, as the kernel has it."""


class Bond:
    def __init__(self, name):
        self._name = name

    @property
    def slaves(self):
        with open('/sys/class/net/%s/bonding/slaves' % self._name, encoding='utf-8') as names:
            return set(names.read().split())
