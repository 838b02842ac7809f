// The group `engine`: what a real oVirt engine sends, and what it must be able to read.
import { caseGroup } from '../../conformance-case.ts'
import { engineNetworks } from './engine-networks.ts'
import { enginePorts } from './engine-ports.ts'
import { engineReads } from './engine-reads.ts'

export const engine = caseGroup('engine', 'what a real oVirt engine sends and reads', [
  ...engineReads,
  ...engineNetworks,
  ...enginePorts,
])
