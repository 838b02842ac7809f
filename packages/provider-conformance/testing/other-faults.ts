// Faults that other clients would stumble over, one behaviour each, and the case that must notice it.
import { accepted, body, type FaultRow, type Json, on } from './spoiling.ts'

export const otherFaults: readonly FaultRow[] = [
  {
    what: 'has no POST on a port',
    fails: 'feature/update-port-by-post',
    fault: on('POST', /ports\/./, (answer) => ({ ...answer, status: 405 })),
  },
  {
    what: 'shows new ports as ACTIVE',
    fails: 'feature/port-attributes',
    fault: body('POST', /ports$/, ({ port }) => ({ port: { ...port, status: 'ACTIVE' } })),
  },
  {
    what: 'says that it deleted a network with ports',
    fails: 'networks/delete-in-use',
    fault: on('DELETE', /networks/, (answer) =>
      answer.status === 409 ? { ...answer, status: 204, text: '' } : answer,
    ),
  },
  {
    what: 'ignores filters',
    fails: 'ports/filter-by-device-id',
    fault: { request: (request) => ({ ...request, path: request.path.replace(/\?.*/, '') }) },
  },
  {
    what: 'accepts a MAC address that is in use',
    fails: 'ports/mac-in-use',
    fault: on('POST', /ports$/, (answer, { text }) => (answer.status === 409 ? accepted('port', text) : answer)),
  },
  {
    what: 'gives one address to all',
    fails: 'ports/addresses-under-load',
    fault: body('POST', /ports$/, ({ port }) => ({
      port: { ...port, fixed_ips: port?.fixed_ips?.map((fixed: Json) => ({ ...fixed, ip_address: '10.211.0.9' })) },
    })),
  },
  {
    what: 'lets subnets go while ports use them',
    fails: 'subnets/delete-in-use',
    fault: on('DELETE', /subnets/, (answer) => (answer.status === 409 ? { ...answer, status: 204, text: '' } : answer)),
  },
  {
    what: 'words its errors in another way',
    fails: 'errors/body',
    fault: { answer: (answer) => (answer.status < 400 ? answer : { ...answer, text: '{"error": {"message": "no"}}' }) },
  },
  {
    what: 'accepts what is no JSON',
    fails: 'errors/malformed-json',
    fault: on('POST', /networks$/, (answer, { text }) =>
      text === '{"network": {' ? { ...answer, status: 201 } : answer,
    ),
  },
  {
    what: 'makes a port and says that it refused it',
    fails: 'errors/bad-mac',
    fault: {
      request: (request) => ({
        ...request,
        text: request.text.replace('"mac_address": "zz:zz",', '').replace(/,\s*"mac_address": "zz:zz"/, ''),
      }),
      answer: (answer, { text }) => (text.includes('zz:zz') ? { ...answer, status: 400 } : answer),
    },
  },
  {
    what: 'binds a port to a host before that is activated',
    fails: 'port-bindings/prepare',
    fault: body('POST', /bindings$/, ({ binding }) => ({ binding: { ...binding, status: 'ACTIVE' } })),
  },
  {
    what: 'activates what was not prepared',
    fails: 'port-bindings/not-prepared',
    fault: on('PUT', /activate$/, (answer) =>
      answer.status === 404 ? { ...answer, status: 200, text: '{}' } : answer,
    ),
  },
  {
    what: 'shows ports without a token',
    fails: 'identity/without-token',
    fault: on('GET', /ports$/, (answer) =>
      answer.status === 401 ? { ...answer, status: 200, text: '{"ports": []}' } : answer,
    ),
  },
  {
    what: 'answers 403 to an unknown token',
    fails: 'identity/wrong-token',
    fault: { answer: (answer) => (answer.status === 401 ? { ...answer, status: 403 } : answer) },
  },
  {
    what: 'writes dates as people do',
    fails: 'identity/v2-dates',
    identity: true,
    fault: {
      answer: (answer) => ({ ...answer, text: answer.text.replace(/"expires":"[^"]+"/, '"expires":"tomorrow"') }),
    },
  },
  {
    what: 'does not know the login with two slashes',
    fails: 'identity/v2-double-slash',
    identity: true,
    fault: on('POST', /\/\/tokens/, (answer) => ({ ...answer, status: 404, text: '{}' })),
  },
  {
    what: 'hides the token of a v3 login',
    fails: 'identity/v3-login',
    identity: true,
    fault: { answer: ({ headers: { 'x-subject-token': _token, ...headers }, ...answer }) => ({ ...answer, headers }) },
  },
]
