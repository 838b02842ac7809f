"""What the kernel tells of the processor."""


def flags():
    with open('/proc/cpuinfo', encoding='utf-8') as lines:
        for line in lines:
            name, _, value = line.partition(':')
            if name.strip() in ('flags', 'Features'):
                return value.split()
    return []
