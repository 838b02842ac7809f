"""One STOMP 1.2 connection of a script: it waits for what it asked for, and for nothing else."""

import time

_ESCAPES = (('\\', '\\\\'), ('\r', '\\r'), ('\n', '\\n'), (':', '\\c'))
_MOST_BYTES = 64 * 2**20


class ProtocolError(Exception):
    """The other side does not speak STOMP, or refused a frame."""


class Connection:
    def __init__(self, connected_socket):
        self._socket = connected_socket
        self._timeout = connected_socket.gettimeout()
        self._bytes = b''
        try:
            self.send('CONNECT', {'accept-version': '1.2', 'heart-beat': '0,0'})
            command, _, _ = self.receive(self._timeout)
            if command != 'CONNECTED':
                raise ProtocolError('%s came instead of CONNECTED' % command)
        except BaseException:
            connected_socket.close()
            raise

    def send(self, command, headers, body=b''):
        lines = [command, *('%s:%s' % (name, _escape(value)) for name, value in headers.items())]
        if body:
            lines.append('content-length:%d' % len(body))
        self._socket.settimeout(self._timeout)
        self._socket.sendall('\n'.join(lines).encode() + b'\n\n' + body + b'\0')

    def receive(self, timeout):
        """(command, headers, body) of the next frame; socket.timeout if it has not come after so many seconds."""
        deadline = time.monotonic() + timeout
        head = self._until(b'\n\n', deadline).lstrip(b'\r\n').decode()
        command, *lines = head.replace('\r\n', '\n').split('\n')
        # Where a header is there twice, the first one counts.
        headers = dict((name, value) for name, _, value in (line.partition(':') for line in reversed(lines)))
        body = self._body(headers, deadline)
        if command == 'ERROR':
            raise ProtocolError(headers.get('message') or body.decode(errors='replace'))
        return command, headers, body

    def close(self):
        try:
            self.send('DISCONNECT', {})
        except OSError:
            pass
        self._socket.close()

    def _body(self, headers, deadline):
        if 'content-length' not in headers:
            return self._until(b'\0', deadline)
        length = int(headers['content-length'])
        while len(self._bytes) <= length:
            self._more(deadline)
        body, self._bytes = self._bytes[:length], self._bytes[length + 1:]
        return body

    def _until(self, end, deadline):
        while end not in self._bytes.lstrip(b'\r\n'):
            self._more(deadline)
        before, _, self._bytes = self._bytes.lstrip(b'\r\n').partition(end)
        return before

    def _more(self, deadline):
        if len(self._bytes) > _MOST_BYTES:
            raise ProtocolError('a frame of more than %d MiB' % (_MOST_BYTES // 2**20))
        self._socket.settimeout(max(deadline - time.monotonic(), 0.001))
        received = self._socket.recv(2**16)
        if not received:
            raise ProtocolError('the connection was closed')
        self._bytes += received


def _escape(value):
    for character, escape in _ESCAPES:
        value = value.replace(character, escape)
    return value
