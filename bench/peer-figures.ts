// What other providers need for the phases of bench/peers.ts: measured in November 2026 on machines like those that develop
// Patchbay (2 shared cores), medians of three runs. ovirt-provider-ovn 8a9ae85 on OVN 23.03; Neutron 21 with ML2/OVN,
// MySQL, no authentication and two API workers. `@N`: with N ports there.

export type Phase =
  | 'POST port'
  | 'POST port c16'
  | 'GET ports list'
  | 'GET ports?device_id'
  | 'GET port by id'
  | 'GET port by id c16'
  | 'PUT port'

export interface PeerFigures {
  readonly name: string
  /** p50 in ms of the phase, by the number of ports. */
  readonly p50: { readonly [Name in Phase]: Readonly<Record<number, number>> }
}

export const peers: readonly PeerFigures[] = [
  {
    name: 'ovirt-provider-ovn',
    p50: {
      'POST port': { 1000: 8.98 },
      'POST port c16': { 1000: 91.5 },
      'GET ports list': { 1000: 194, 5000: 832, 10000: 1680 },
      'GET ports?device_id': { 1000: 160, 5000: 752, 10000: 1539 },
      'GET port by id': { 1000: 5.74, 5000: 38.0, 10000: 71.0 },
      'GET port by id c16': { 1000: 36.1, 5000: 196, 10000: 460 },
      'PUT port': { 1000: 26.0, 5000: 74.7, 10000: 171 },
    },
  },
  {
    name: 'Neutron',
    p50: {
      'POST port': { 1000: 309 },
      'POST port c16': { 1000: 8034 },
      'GET ports list': { 1000: 512, 5000: 2319, 10000: 4254 },
      'GET ports?device_id': { 1000: 17.4, 5000: 18.4, 10000: 18.2 },
      'GET port by id': { 1000: 17.1, 5000: 19.2, 10000: 22.4 },
      'GET port by id c16': { 1000: 84.2, 5000: 83.7, 10000: 77.6 },
      'PUT port': { 1000: 213, 5000: 282, 10000: 426 },
    },
  },
]
