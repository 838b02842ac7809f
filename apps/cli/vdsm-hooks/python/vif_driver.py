"""The exec protocol of docs/vif-driver.md, for the driver that installation.json beside this file tells of."""

import json
import os
import select
import signal
import socket
import subprocess
import tempfile
import time

with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), 'installation.json'), encoding='utf-8') as _file:
    INSTALLATION = json.load(_file)
RUN_DIR = os.path.join(os.environ.get('PATCHBAY_RUN_DIR', '/run/vdsm'), 'patchbay', INSTALLATION['name'])
_MAX_REPLY_BYTES = 1024 * 1024


class DriverFailure(Exception):
    """One line that says which driver, which verb and why."""


def call(verb, given, phase=None):
    """The reply, an object. Raises DriverFailure; the driver's processes are ended then, as far as they can be."""
    what = 'driver %s, %s%s' % (INSTALLATION['name'], verb, ' (%s)' % phase if phase else '')
    request = {
        'apiVersion': '1.0',
        'verb': verb,
        'timeoutMs': INSTALLATION['timeoutMs'],
        'options': INSTALLATION['options'],
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
    path = os.path.join(RUN_DIR, 'driver')
    os.makedirs(path, mode=0o700, exist_ok=True)
    return path


def _execute(verb, request, what):
    """(exit code, stdout). stderr goes where the hook's goes: to VDSM's log."""
    command = [INSTALLATION['executable'], verb]
    if os.geteuid() != 0:
        command = ['sudo', '-n'] + command
    # A file, because a driver may answer before it has read everything.
    with tempfile.TemporaryFile() as stdin:
        stdin.write(request)
        stdin.seek(0)
        try:
            child = subprocess.Popen(command, stdin=stdin, stdout=subprocess.PIPE, start_new_session=True,
                                     cwd=os.path.dirname(INSTALLATION['executable']))
        except OSError as error:
            raise DriverFailure('%s: it cannot be started: %s' % (what, error))
    with child.stdout:
        deadline = time.monotonic() + INSTALLATION['timeoutMs'] / 1000
        try:
            answer = _read(child.stdout.fileno(), deadline)
            return child.wait(max(0, deadline - time.monotonic())), answer
        except (TimeoutError, subprocess.TimeoutExpired):
            _end(child)
            raise DriverFailure('%s: it took longer than %g s and was killed' % (what, INSTALLATION['timeoutMs'] / 1000))
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
