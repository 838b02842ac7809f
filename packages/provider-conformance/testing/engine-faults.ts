// Faults that a real engine would stumble over, one behaviour each, and the case that must notice it.
import { body, type FaultRow, on, rows, sent } from './spoiling.ts'

export const engineFaults: readonly FaultRow[] = [
  {
    what: 'answers the test of the connection with a text',
    fails: 'engine/test-connectivity',
    fault: on('GET', /^\/v2\.0\/$/, (answer) => ({ ...answer, text: 'OK' })),
  },
  {
    what: 'redirects the list of networks',
    fails: 'engine/list-networks',
    fault: on('GET', /^\/v2\.0\/networks$/, (answer) => ({ ...answer, status: 301 })),
  },
  {
    what: 'adds a second root key to a new network',
    fails: 'engine/single-root-key',
    fault: body('POST', /networks$/, (json) => ({ ...json, request_id: 'req-1' })),
  },
  {
    what: 'has nested maps in vif_details',
    fails: 'engine/flat-binding-maps',
    fault: rows('ports', (port) => ({ ...port, 'binding:vif_details': { connectivity: { l2: true } } })),
  },
  {
    what: "lists host routes as Neutron's objects",
    fails: 'engine/host-routes',
    fault: rows('subnets', (subnet) => ({
      ...subnet,
      host_routes: [{ destination: '0.0.0.0/0', nexthop: '10.0.0.1' }],
    })),
  },
  {
    what: 'cuts the list of ports into pages without being asked',
    fails: 'engine/whole-lists',
    fault: body('GET', /^\/v2\.0\/ports$/, (json) => ({ ...json, ports_links: [{ rel: 'next', href: '?marker=1' }] })),
  },
  {
    what: 'does not know paths with two slashes',
    fails: 'engine/double-slash',
    fault: on('GET', /^\/\/v2\.0/, (answer) => ({ ...answer, status: 404 })),
  },
  {
    what: 'names an MTU that is no number',
    fails: 'engine/list-networks',
    fault: rows('networks', (network) => ({ ...network, mtu: 'default' })),
  },
  {
    what: 'ignores the MTU of a new network',
    fails: 'engine/network-mtu',
    fault: sent('POST', /networks$/, ({ network: { mtu: _mtu, ...network } }) => ({ network })),
  },
  {
    what: 'forgets the name servers of a subnet',
    fails: 'engine/subnet-gateway-and-dns',
    fault: rows('subnets', (subnet) => ({ ...subnet, dns_nameservers: [] })),
  },
  {
    what: 'cannot list its networks, so that nobody sees whether any is left',
    fails: 'engine/list-networks',
    fault: {
      answer: (answer, { method, path }) =>
        method === 'GET' && /networks$/.test(path) ? { ...answer, status: 500 } : answer,
    },
    leaves: true,
  },
  {
    what: 'lists ports without device_id',
    fails: 'engine/locate-port',
    fault: rows('ports', ({ device_id: _id, ...port }) => port),
  },
  {
    what: 'gives a port another MAC address than asked for',
    fails: 'engine/create-port',
    fault: body('POST', /ports$/, ({ port }) => ({ port: { ...port, mac_address: '02:00:00:00:00:01' } })),
  },
  {
    what: 'refuses security_groups null',
    fails: 'engine/security-groups-null',
    fault: {
      answer: (answer, { method, text }) =>
        method === 'PUT' && /"security_groups": null/.test(text) ? { ...answer, status: 400 } : answer,
    },
  },
  {
    what: 'shows another host than it was told',
    fails: 'engine/port-host',
    fault: rows('ports', (port) => ({ ...port, 'binding:host_id': 'elsewhere' })),
  },
  {
    what: 'does not show the host of a port',
    fails: 'engine/port-host-shown',
    fault: rows('ports', ({ 'binding:host_id': _host, ...port }) => port),
  },
  {
    what: 'does not bind a port to another host',
    fails: 'engine/move-port',
    fault: sent('PUT', /ports/, ({ port: { 'binding:host_id': _host, ...port } }) => ({ port })),
  },
  {
    what: 'takes the addresses away from a port that moves',
    fails: 'engine/moved-port-stays-itself',
    fault: sent('PUT', /ports/, ({ port }) => ({ port: { ...port, fixed_ips: [] } })),
  },
  {
    what: 'says that a port was deleted and keeps it',
    fails: 'engine/delete-port',
    fault: {
      request: (request) =>
        request.method === 'DELETE' && /ports/.test(request.path) ? { ...request, method: 'GET' } : request,
      answer: (answer, { method, path }) =>
        method === 'DELETE' && /ports/.test(path) ? { ...answer, status: 204, text: '' } : answer,
    },
    leaves: true,
  },
]
