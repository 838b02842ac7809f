"""What a network stands on."""


class NetInfo:
    def __init__(self, netinfo):
        self.networks = netinfo['networks']
        self.bondings = netinfo['bondings']

    def getNicsVlanAndBondingForNetwork(self, network):
        """(NICs, VLAN interface, VLAN tag, bond); None for what it does not stand on."""
        attrs = self.networks[network]
        bond, tag = attrs.get('bonding'), attrs.get('vlan')
        nics = self.bondings[bond]['nics'] if bond else [attrs['nic']] if 'nic' in attrs else []
        vlan = None if tag is None else '%s.%s' % (bond or attrs['nic'], tag)
        return nics, vlan, tag, bond
