"""Calls of VDSM's API from a hook script: JSON-RPC in STOMP frames, with the certificate of this host.

    with utils.closing(client.connect('localhost', use_tls=config.getboolean('vars', 'ssl'))) as cli:
        cli.VM.cont(vmID=vm_id)

'localhost' is the agent that called the script, wherever it listens.
"""

import contextlib
import functools
import json
import os
import socket
import ssl
import uuid

from vdsm import stomp

DEFAULT_PORT = 54321
_REQUESTS = 'jms.topic.vdsm_requests'


class Error(Exception):
    msg = ''

    def __str__(self):
        return self.msg.format(self=self)


class ConnectionError(Error):
    msg = ('Connection to {self.host}:{self.port} with use_tls={self.use_tls}, timeout={self.timeout} failed: '
           '{self.reason}')

    def __init__(self, host, port, use_tls, timeout, reason):
        self.host, self.port, self.use_tls, self.timeout, self.reason = host, port, use_tls, timeout, reason


class TimeoutError(Error):
    """It may be carried out all the same."""

    msg = 'Request {self.cmd} with args {self.params} timed out after {self.timeout} seconds'

    def __init__(self, cmd, params, timeout):
        self.cmd, self.params, self.timeout = cmd, params, timeout


class ClientError(Error):
    """The connection was lost."""

    msg = 'Request {self.cmd} with args {self.params} failed: {self.reason}'

    def __init__(self, cmd, params, reason):
        self.cmd, self.params, self.reason = cmd, params, reason


class ServerError(Error):
    """VDSM refused it, or it failed."""

    msg = 'Command {self.cmd} with args {self.params} failed:\n(code={self.code}, message={self.resp_msg})'

    def __init__(self, cmd, params, code, message):
        self.cmd, self.params, self.code, self.resp_msg = cmd, params, code, message


def connect(host, port=DEFAULT_PORT, use_tls=True, timeout=60, gluster_enabled=False, incoming_heartbeat=None,
            outgoing_heartbeat=None, nr_retries=1):
    """A client of one connection; `timeout`: seconds. Heart-beats and retries are accepted as VDSM accepts them, and
    have no effect: a script is too short for them."""
    where = (host, port)
    if host in ('localhost', 'localhost.localdomain') and 'PATCHBAY_API_PORT' in os.environ:
        where = (os.environ['PATCHBAY_API_HOST'], int(os.environ['PATCHBAY_API_PORT']))
    try:
        return _Client(stomp.Connection(_socket(where, use_tls, timeout)), timeout)
    except (OSError, stomp.ProtocolError) as error:
        raise ConnectionError(*where, use_tls, timeout, error) from error


def _socket(where, use_tls, timeout):
    # Before the connection: a missing certificate is told as such.
    context = _tls_context() if use_tls else None
    plain = socket.create_connection(where, timeout)
    return context.wrap_socket(plain) if context else plain


def _tls_context():
    """As with all clients of VDSM, the host's name is not looked at: the CA is the engine's own."""
    files = [os.environ.get('PATCHBAY_TLS_' + part) for part in ('CA', 'CERT', 'KEY')]
    if None in files:
        raise OSError('the agent of this host has no certificates: use_tls=False')
    ca, cert, key = files
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.load_verify_locations(ca)
    context.load_cert_chain(cert, key)
    return context


class _Client:
    def __init__(self, connection, timeout):
        self._connection = connection
        self._timeout = timeout
        self._flow_id = None
        self._replies = str(uuid.uuid4())
        connection.send('SUBSCRIBE', {'destination': self._replies, 'id': 'replies', 'ack': 'auto'})

    def __getattr__(self, namespace):
        if namespace.startswith('_'):
            raise AttributeError(namespace)
        return _Namespace(self, namespace)

    @contextlib.contextmanager
    def flow(self, flow_id):
        """Calls inside it have this correlation id in the host's log."""
        self._flow_id = flow_id
        try:
            yield
        finally:
            self._flow_id = None

    def close(self):
        self._connection.close()

    def _call(self, method, _timeout=None, **params):
        timeout = self._timeout if _timeout is None else _timeout
        request_id = str(uuid.uuid4())
        request = {'jsonrpc': '2.0', 'id': request_id, 'method': method, 'params': params}
        headers = {'destination': _REQUESTS, 'reply-to': self._replies}
        if self._flow_id is not None:
            headers['ovirtCorrelationId'] = self._flow_id
        try:
            self._connection.send('SEND', headers, json.dumps(request).encode())
            answer = self._answer(request_id, timeout)
        except socket.timeout as error:
            raise TimeoutError(method, params, timeout) from error
        except (OSError, stomp.ProtocolError) as error:
            raise ClientError(method, params, error) from error
        if 'error' in answer:
            raise ServerError(method, params, answer['error']['code'], answer['error']['message'])
        return answer['result']

    def _answer(self, request_id, timeout):
        while True:
            _, _, body = self._connection.receive(timeout)
            answer = json.loads(body)
            # One that came too late for its caller.
            if answer.get('id') == request_id:
                return answer


class _Namespace:
    def __init__(self, client, name):
        self._client = client
        self._name = name

    def __getattr__(self, verb):
        if verb.startswith('_'):
            raise AttributeError(verb)
        return functools.partial(self._client._call, '%s.%s' % (self._name, verb))
