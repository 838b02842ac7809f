"""Calls a VIF driver from VDSM's hook points: the exec protocol of docs/vif-driver.md, spoken from hook scripts.

Lies beside installation.json, which says which driver. What the driver answered for a NIC is kept in VDSM's run folder
from the plug to the unplug, because VDSM hands some hooks an empty file and others a regenerated element.
"""

import json
import os
import select
import signal
import socket
import subprocess
import sys
import tempfile
import time
from urllib.parse import quote
from xml.dom import minidom
from xml.parsers.expat import ExpatError

import hooking

_FOLDER = os.path.dirname(os.path.abspath(__file__))
with open(os.path.join(_FOLDER, 'installation.json'), encoding='utf-8') as _file:
    _INSTALLATION = json.load(_file)
_RUN_DIR = os.path.join(os.environ.get('PATCHBAY_RUN_DIR', '/run/vdsm'), 'patchbay', _INSTALLATION['name'])
_NICS = os.path.join(_RUN_DIR, 'nics')
_MAX_REPLY_BYTES = 1024 * 1024
# What a hook's environment has besides custom properties.
_NOT_PROPERTIES = {'PATH', 'PYTHONPATH', 'HOME', 'USER', 'LOGNAME', 'SHELL', 'LANG', 'PWD', 'TERM', 'TMPDIR',
                   'INVOCATION_ID', 'JOURNAL_STREAM', 'SYSTEMD_EXEC_PID', 'PATCHBAY_RUN_DIR'}


class DriverFailure(Exception):
    pass


def run(point):
    """Does what the driver has to do at a hook point, and ends the script."""
    try:
        _POINTS[point]()
    except DriverFailure as failure:
        # 2 at a point that may veto, so that no other script goes on; elsewhere VDSM only logs it.
        hooking.exit_hook(str(failure), 2 if point.startswith('before_') else 1)


# The hook points

def _plug_before():
    nic = _nic_here()
    if nic is None:
        return
    nic.domxml = _element_of_payload()
    _connect(nic, 'plug_device')
    with open(os.environ['_hook_domxml'], 'w', encoding='utf-8') as data_file:
        data_file.write(nic.domxml)


def _plug_after():
    nic = _kept_here()
    if nic is not None:
        nic.call('plug_device', 'after')


def _unplug_before():
    nic = _kept_here()
    if nic is not None:
        nic.call('unplug_device', 'before')


def _unplug_after():
    nic = _kept_here()
    if nic is not None:
        nic.release('unplug_device')


def _destroy_before():
    # The end of a VM may not be refused.
    try:
        _unplug_before()
    except DriverFailure as failure:
        hooking.log(str(failure))


def _vm_destroyed():
    # Has no device; also releases NICs of a VM that did not start, for which VDSM calls no other hook.
    failures = []
    for nic in _kept_nics(os.environ['vmId']):
        try:
            nic.release('unplug_device')
        except DriverFailure as failure:
            failures.append(str(failure))
    if failures:
        raise DriverFailure('\n'.join(failures))


def _leave_before():
    nic = _kept_here()
    if nic is not None:
        nic.call(_migrating('migration_source', 'unplug_device'), 'before')


def _leave_after():
    nic = _kept_here()
    if nic is not None:
        nic.release(_migrating('migration_source', 'unplug_device'))


def _arrive_before():
    nic = _nic_here()
    if nic is not None:
        nic.domxml = _element_of_payload()
        _connect(nic, _migrating('migration_destination', 'plug_device'))


def _arrive_after():
    nic = _kept_here()
    if nic is not None:
        nic.call(_migrating('migration_destination', 'plug_device'), 'after')


def _caps():
    hooking.write_json(_report('caps', _call('get_caps', {'caps': hooking.read_json()})))


def _stats():
    hooking.write_json([_stats_of_vm(stats) for stats in hooking.read_json()])


def _stats_of_vm(stats):
    for nic in _kept_nics(stats.get('vmId', '')):
        try:
            given = {'stats': stats, 'properties': nic.properties}
            stats = _report('stats', _call('get_stats', nic.with_state(given)))
        except DriverFailure as failure:
            hooking.log(str(failure))
    return stats


_POINTS = {
    'before_device_create': _plug_before,
    'after_device_create': _plug_after,
    'before_nic_hotplug': _plug_before,
    'after_nic_hotplug': _plug_after,
    'after_nic_hotplug_fail': _unplug_after,
    'before_nic_hotunplug': _unplug_before,
    'after_nic_hotunplug': _unplug_after,
    'after_nic_hotunplug_fail': _plug_after,
    'before_device_destroy': _destroy_before,
    'after_vm_destroy': _vm_destroyed,
    'after_device_destroy': _unplug_after,
    'before_device_migrate_source': _leave_before,
    'after_device_migrate_source': _leave_after,
    'after_device_migrate_source_fail': _plug_after,
    'before_device_migrate_destination': _arrive_before,
    'after_device_migrate_destination': _arrive_after,
    'after_device_migrate_destination_fail': _unplug_after,
    'after_get_caps': _caps,
    'after_get_vm_stats': _stats,
    'after_get_all_vm_stats': _stats,
}


def _migrating(verb, otherwise):
    return verb if verb in _INSTALLATION['verbs'] else otherwise


def _connect(nic, verb):
    """The phase before of a plug or an arrival. VDSM calls no hook for what it did not begin, so a failure is undone here."""
    nic.keep()
    try:
        reply = nic.call(verb, 'before')
        if verb == 'plug_device' and 'domxml' in reply:
            nic.domxml = _checked_element(reply['domxml'], nic.domxml)
            nic.keep()
    except DriverFailure:
        try:
            nic.release('unplug_device')
        except DriverFailure as failure:
            hooking.log('undoing it failed as well, and is tried again when the VM ends: %s' % failure)
        raise


# NICs

class _Nic:
    def __init__(self, properties, domxml, state=None):
        self.properties = properties
        self.domxml = domxml
        self.state = state

    def call(self, verb, phase):
        given = {'phase': phase, 'domxml': self.domxml, 'properties': self.properties}
        reply = _call(verb, self.with_state(given), phase)
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
        os.makedirs(_NICS, mode=0o700, exist_ok=True)
        kept = {'properties': self.properties, 'domxml': self.domxml, 'state': self.state}
        with open(self._file() + '.new', 'w', encoding='utf-8') as new:
            json.dump(kept, new)
        os.replace(self._file() + '.new', self._file())

    def _file(self):
        return _file_of(self.properties['vmId'], self.properties['vnic_id'])


def _file_of(vm_id, vnic_id):
    return os.path.join(_NICS, '%s,%s.json' % (quote(vm_id, safe=''), quote(vnic_id, safe='')))


def _nic_here():
    """The NIC that the hook is about, without an element; None if it is another driver's."""
    if os.environ.get('plugin_type') not in _INSTALLATION['pluginTypes'] or not os.environ.get('vnic_id'):
        return None
    properties = {name: value for name, value in os.environ.items()
                  if name not in _NOT_PROPERTIES and not name.startswith(('_', 'LC_'))}
    properties.setdefault('provider_type', '')
    return _Nic(properties, None)


def _kept_here():
    """That NIC as the driver was told of it; None if it was not, or has been released."""
    nic = _nic_here()
    return nic and _read_kept(_file_of(nic.properties['vmId'], nic.properties['vnic_id']))


def _kept_nics(vm_id):
    prefix = quote(vm_id, safe='') + ','
    names = sorted(os.listdir(_NICS)) if os.path.isdir(_NICS) else []
    kept = [_read_kept(os.path.join(_NICS, name)) for name in names
            if name.startswith(prefix) and name.endswith('.json')]
    return [nic for nic in kept if nic]


def _read_kept(path):
    try:
        with open(path, encoding='utf-8') as kept:
            return _Nic(**json.load(kept))
    except FileNotFoundError:
        return None


def _forget(path):
    try:
        os.remove(path)
    except FileNotFoundError:
        pass


def _element_of_payload():
    try:
        return hooking.read_domxml().documentElement.toxml()
    except ExpatError as error:
        raise DriverFailure('the element of the NIC cannot be read: %s' % error)


def _checked_element(text, before):
    try:
        element = minidom.parseString(text).documentElement
    except (ExpatError, TypeError, ValueError) as error:
        raise DriverFailure('driver %s answered no XML: %s' % (_INSTALLATION['name'], error))
    if element.tagName != 'interface' or _mac(element) != _mac(minidom.parseString(before).documentElement):
        raise DriverFailure('driver %s answered another NIC' % _INSTALLATION['name'])
    return element.toxml()


def _mac(interface):
    return [each.getAttribute('address').lower() for each in interface.getElementsByTagName('mac')]


def _report(name, reply):
    if not isinstance(reply.get(name), dict):
        raise DriverFailure('driver %s answered no %s' % (_INSTALLATION['name'], name))
    return reply[name]


# The exec protocol

def _call(verb, given, phase=None):
    what = 'driver %s, %s%s' % (_INSTALLATION['name'], verb, ' (%s)' % phase if phase else '')
    request = {
        'apiVersion': '1.0',
        'verb': verb,
        'timeoutMs': _INSTALLATION['timeoutMs'],
        'options': _INSTALLATION['options'],
        'host': {'hostName': socket.gethostname(), 'stateDir': _state_dir()},
    }
    code, answer = _execute(verb, json.dumps(dict(request, **given)).encode(), what)
    try:
        reply = json.loads(answer)
    except ValueError:
        reply = None
    if code == 0 and isinstance(reply, dict) and 'error' not in reply:
        return reply
    error = reply.get('error') if isinstance(reply, dict) else None
    if code != 0 and isinstance(error, dict):
        raise DriverFailure('%s: %s' % (what, error.get('message') or 'it gave no reason'))
    raise DriverFailure('%s: it ended with %d and answered %r' % (what, code, answer[:80]))


def _state_dir():
    path = os.path.join(_RUN_DIR, 'driver')
    os.makedirs(path, mode=0o700, exist_ok=True)
    return path


def _execute(verb, request, what):
    """(exit code, stdout). stderr goes where the hook's goes: to VDSM's log."""
    command = [_INSTALLATION['executable'], verb]
    if os.geteuid() != 0:
        command = ['sudo', '-n'] + command
    # A file, because a driver may answer before it has read everything.
    with tempfile.TemporaryFile() as stdin:
        stdin.write(request)
        stdin.seek(0)
        try:
            child = subprocess.Popen(command, stdin=stdin, stdout=subprocess.PIPE, start_new_session=True,
                                     cwd=os.path.dirname(_INSTALLATION['executable']))
        except OSError as error:
            raise DriverFailure('%s: it cannot be started: %s' % (what, error))
    with child.stdout:
        deadline = time.monotonic() + _INSTALLATION['timeoutMs'] / 1000
        try:
            answer = _read(child.stdout.fileno(), deadline)
            return child.wait(max(0, deadline - time.monotonic())), answer
        except (TimeoutError, subprocess.TimeoutExpired):
            _end(child)
            raise DriverFailure('%s: it took longer than %g s and was killed' % (what, _INSTALLATION['timeoutMs'] / 1000))
        except OverflowError:
            _end(child)
            raise DriverFailure('%s: it answered more than %d bytes and was killed' % (what, _MAX_REPLY_BYTES))


def _read(pipe, deadline):
    answer = b''
    while True:
        ready, _, _ = select.select([pipe], [], [], max(0, deadline - time.monotonic()))
        if not ready:
            raise TimeoutError
        chunk = os.read(pipe, 65536)
        if not chunk:
            return answer
        answer += chunk
        if len(answer) > _MAX_REPLY_BYTES:
            raise OverflowError


def _end(child):
    for each in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(child.pid, each)
        except OSError:
            # Gone, or root's: sudo's children cannot be ended from here.
            return
        try:
            child.wait(0.5)
        except subprocess.TimeoutExpired:
            continue
