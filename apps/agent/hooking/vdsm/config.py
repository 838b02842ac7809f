"""VDSM's configuration: how the agent is reached, as it says itself, and what an administrator wrote into VDSM's files."""

import configparser
import glob
import os

_defaults = {
    'vars': {
        'trust_store_path': '/etc/pki/vdsm',
        'fake_kvm_support': 'false',
        'fake_kvm_architecture': 'x86_64',
        'fake_kvm_memory': '0',
        'fake_vmstats_enable': 'false',
    },
    'addresses': {},
}

config = configparser.ConfigParser(interpolation=None)
config.read_dict(_defaults)
config.read(['/etc/vdsm/vdsm.conf', *sorted(glob.glob('/etc/vdsm/vdsm.conf.d/*.conf'))])
config.set('vars', 'ssl', 'true' if 'PATCHBAY_TLS_CERT' in os.environ else 'false')
config.set('addresses', 'management_port', os.environ.get('PATCHBAY_API_PORT', '54321'))
