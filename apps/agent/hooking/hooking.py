"""What VDSM hook scripts import as `hooking`: the payload, the log, the exit, commands, launch flags.

Needs Python 3 and its standard library only. The agent puts this folder on PYTHONPATH.
"""

import json
import os
import subprocess
import sys
from xml.dom import minidom

_RUN_DIR = os.environ.get('PATCHBAY_RUN_DIR', '/run/vdsm')


def read_domxml():
    """The XML payload as a minidom Document. ExpatError if the hook point has none: the data file is empty then."""
    return minidom.parse(os.environ['_hook_domxml'])


def write_domxml(domxml):
    with open(os.environ['_hook_domxml'], 'wb') as data_file:
        data_file.write(domxml.toxml(encoding='utf-8'))


def read_json():
    with open(os.environ['_hook_json'], encoding='utf-8') as data_file:
        return json.load(data_file)


def write_json(data):
    # Serialised first: data that is not JSON must not leave half a document behind.
    text = json.dumps(data)
    with open(os.environ['_hook_json'], 'w', encoding='utf-8') as data_file:
        data_file.write(text)


def log(message):
    sys.stderr.write(message + '\n')


def exit_hook(message, return_code=2):
    """Ends the script. 2 keeps the scripts after it from running, 1 does not, 0 is success."""
    log(message)
    sys.exit(return_code)


def execCmd(command, sudo=False, cwd=None, data=None, raw=False, printable=None, env=None,
            nice=None, ioclass=None, ioclassdata=None, setsid=False, execCmdLogger=None, resetCpuAffinity=True):
    """(return code, stdout, stderr) of a command that gets `data` (bytes) on stdin.

    Output is a list of lines (bytes), or the bytes themselves if `raw`. `sudo` counts unless the caller is root.
    Raises OSError if there is no such command.

    Priorities, affinity and logging are accepted because VDSM accepts them, and have no effect.
    """
    command = [*command]
    if sudo and os.geteuid() != 0:
        command = ['sudo', '-n', *command]
    done = subprocess.run(command, input=data or b'', capture_output=True, cwd=cwd, env=env, start_new_session=setsid)
    if raw:
        return done.returncode, done.stdout, done.stderr
    return done.returncode, done.stdout.splitlines(), done.stderr.splitlines()


def tobool(value):
    """A custom property as a truth value: 'true' in any case or a number other than 0; all else is False.

    A number that is not a string is False too: so it is in VDSM, and hooks were written against that.
    """
    if isinstance(value, bool):
        return value
    try:
        return value.lower() == 'true' or bool(int(value))
    except (AttributeError, TypeError, ValueError):
        return False


def load_vm_launch_flags_from_file(vm_id):
    """virDomainCreateFlags of a VM that is being started; 0 if it has no flags file."""
    try:
        with open(_launch_flags_file(vm_id)) as flags_file:
            return int(flags_file.readline())
    except FileNotFoundError:
        return 0


def dump_vm_launch_flags_to_file(vm_id, flags):
    path = _launch_flags_file(vm_id)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, 'w') as flags_file:
        flags_file.write(str(flags))


def _launch_flags_file(vm_id):
    return os.path.join(_RUN_DIR, vm_id, 'launchflags')
