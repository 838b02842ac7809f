"""What the kernel can do."""

from collections import namedtuple

NestedVirtualization = namedtuple('NestedVirtualization', 'enabled, kvm_module')


def nested_virtualization():
    """Whether guests may run guests, and the module of the kernel that says so; None without one."""
    for module in ('kvm_intel', 'kvm_amd', 'kvm_hv', 'kvm'):
        try:
            with open('/sys/module/%s/parameters/nested' % module, encoding='utf-8') as parameter:
                if parameter.readline().strip() in ('Y', '1'):
                    return NestedVirtualization(True, module)
        except FileNotFoundError:
            pass
    return NestedVirtualization(False, None)
