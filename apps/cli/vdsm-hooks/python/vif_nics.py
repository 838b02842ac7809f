"""NICs, and what the driver answered for them: kept in VDSM's run folder from the plug to the unplug.

VDSM hands some hooks an empty file and others a regenerated element, so the payload tells only what is plugged.
"""

import json
import os
from urllib.parse import quote
from xml.dom import minidom
from xml.parsers.expat import ExpatError

import hooking
from vif_driver import INSTALLATION, RUN_DIR, DriverFailure, call

_NICS = os.path.join(RUN_DIR, 'nics')
# What a hook's environment has besides custom properties.
_NOT_PROPERTIES = {'PATH', 'PYTHONPATH', 'HOME', 'USER', 'LOGNAME', 'SHELL', 'LANG', 'PWD', 'TERM', 'TMPDIR',
                   'INVOCATION_ID', 'JOURNAL_STREAM', 'SYSTEMD_EXEC_PID', 'PATCHBAY_RUN_DIR'}


class Nic:
    def __init__(self, properties, domxml, state=None):
        self.properties = properties
        self.domxml = domxml
        self.state = state

    def call(self, verb, phase):
        given = {'phase': phase, 'domxml': self.domxml, 'properties': self.properties}
        reply = call(verb, self.with_state(given), phase)
        if 'state' in reply:
            self.state = reply['state']
            self.keep()
        return reply

    def release(self, verb):
        self.call(verb, 'after')
        _forget(self._file())

    def with_state(self, given):
        return given if self.state is None else dict(given, state=self.state)

    def keep(self):
        kept = {'properties': self.properties, 'domxml': self.domxml, 'state': self.state}
        try:
            os.makedirs(_NICS, mode=0o700, exist_ok=True)
            with open(self._file() + '.new', 'w', encoding='utf-8') as new:
                json.dump(kept, new)
            os.replace(self._file() + '.new', self._file())
        except OSError as error:
            raise DriverFailure('the NIC cannot be put on record: %s' % error)

    def _file(self):
        return _file_of(self.properties['vmId'], self.properties['vnic_id'])


def _file_of(vm_id, vnic_id):
    return os.path.join(_NICS, '%s,%s.json' % (quote(vm_id, safe=''), quote(vnic_id, safe='')))


def new_nic_here():
    """The NIC that the hook is about, with the element of its payload; None if it is another driver's, or no NIC."""
    properties = _properties_here()
    if properties is None:
        return None
    try:
        element = hooking.read_domxml().documentElement
    except ExpatError as error:
        raise DriverFailure('the element of the NIC cannot be read: %s' % error)
    return Nic(properties, element.toxml()) if element.tagName == 'interface' else None


def kept_here():
    """The NIC that the hook is about, as the driver was told of it; None if it was not, or has been released."""
    properties = _properties_here()
    return properties and _read_kept(_file_of(properties['vmId'], properties['vnic_id']))


def kept_nics(vm_id):
    prefix = quote(vm_id, safe='') + ','
    names = sorted(os.listdir(_NICS)) if os.path.isdir(_NICS) else []
    kept = [_read_kept(os.path.join(_NICS, name)) for name in names
            if name.startswith(prefix) and name.endswith('.json')]
    return [nic for nic in kept if nic]


def _properties_here():
    """None if the driver does not serve the device."""
    if os.environ.get('plugin_type') not in INSTALLATION['pluginTypes'] or not os.environ.get('vnic_id'):
        return None
    properties = {name: value for name, value in os.environ.items()
                  if name not in _NOT_PROPERTIES and not name.startswith(('_', 'LC_'))}
    properties.setdefault('provider_type', '')
    return properties


def _read_kept(path):
    try:
        with open(path, encoding='utf-8') as kept:
            return Nic(**json.load(kept))
    except FileNotFoundError:
        return None


def _forget(path):
    try:
        os.remove(path)
    except FileNotFoundError:
        pass


def checked_element(text, before):
    try:
        element = minidom.parseString(text).documentElement
    except (ExpatError, TypeError, ValueError) as error:
        raise DriverFailure('driver %s answered no XML: %s' % (INSTALLATION['name'], error))
    if element.tagName != 'interface' or _mac(element) != _mac(minidom.parseString(before).documentElement):
        raise DriverFailure('driver %s answered another NIC' % INSTALLATION['name'])
    return element.toxml()


def _mac(interface):
    return [each.getAttribute('address').lower() for each in interface.getElementsByTagName('mac')]
