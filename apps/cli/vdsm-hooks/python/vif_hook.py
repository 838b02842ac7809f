"""What a VIF driver has to do at each hook point of VDSM. Scripts of five lines call `run`."""

import os

import hooking
from vif_driver import INSTALLATION, DriverFailure, call
from vif_nics import checked_element, kept_here, kept_nics, new_nic_here


def run(point):
    """Does what the driver has to do at a hook point, and ends the script."""
    try:
        _POINTS[point]()
    except DriverFailure as failure:
        # 2 at a point that may veto, so that no other script goes on; elsewhere VDSM only logs it.
        hooking.exit_hook(str(failure), 2 if point.startswith('before_') else 1)


def _plug_before():
    nic = new_nic_here()
    if nic is None:
        return
    _connect(nic, 'plug_device')
    with open(os.environ['_hook_domxml'], 'w', encoding='utf-8') as data_file:
        data_file.write(nic.domxml)


def _plug_after():
    nic = kept_here()
    if nic is not None:
        nic.call('plug_device', 'after')


def _unplug_before():
    nic = kept_here()
    if nic is not None:
        nic.call('unplug_device', 'before')


def _unplug_after():
    nic = kept_here()
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
    for nic in kept_nics(os.environ['vmId']):
        try:
            nic.release('unplug_device')
        except DriverFailure as failure:
            failures.append(str(failure))
    if failures:
        raise DriverFailure('\n'.join(failures))


def _leave_before():
    nic = kept_here()
    if nic is not None:
        nic.call(_migrating('migration_source', 'unplug_device'), 'before')


def _leave_after():
    nic = kept_here()
    if nic is not None:
        nic.release(_migrating('migration_source', 'unplug_device'))


def _arrive_before():
    nic = new_nic_here()
    if nic is not None:
        _connect(nic, _migrating('migration_destination', 'plug_device'))


def _arrive_after():
    nic = kept_here()
    if nic is not None:
        nic.call(_migrating('migration_destination', 'plug_device'), 'after')


def _caps():
    hooking.write_json(_report('caps', call('get_caps', {'caps': hooking.read_json()})))


def _stats():
    hooking.write_json([_stats_of_vm(stats) for stats in hooking.read_json()])


def _stats_of_vm(stats):
    for nic in kept_nics(stats.get('vmId', '')):
        try:
            given = {'stats': stats, 'properties': nic.properties}
            stats = _report('stats', call('get_stats', nic.with_state(given)))
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
    return verb if verb in INSTALLATION['verbs'] else otherwise


def _connect(nic, verb):
    """The phase before of a plug or an arrival. VDSM calls no hook for what it did not begin, so a failure is undone here."""
    nic.keep()
    try:
        reply = nic.call(verb, 'before')
        if verb == 'plug_device' and 'domxml' in reply:
            nic.domxml = checked_element(reply['domxml'], nic.domxml)
            nic.keep()
    except DriverFailure:
        try:
            nic.release('unplug_device')
        except DriverFailure as failure:
            hooking.log('undoing it failed as well, and is tried again when the VM ends: %s' % failure)
        raise


def _report(name, reply):
    if not isinstance(reply.get(name), dict):
        raise DriverFailure('driver %s answered no %s' % (INSTALLATION['name'], name))
    return reply[name]
