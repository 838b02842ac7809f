// /topology: what is connected to what, in one answer. Ours.
import { apiPath } from '@patchbay/ovirt-api/api-path.ts'
import { bool, int, text } from '@patchbay/ovirt-api/element.ts'
import { readElements, toJson } from '@patchbay/ovirt-api/json.ts'
import { topologyType } from '@patchbay/ovirt-api/types/topology.ts'
import type { FastifyInstance } from 'fastify'
import { Fault } from '../faults.ts'
import type { Parts } from '../lifecycle/workflows/parts.ts'
import { readTopology, type TopologyRequest } from '../topology/topology.ts'
import { Answer } from './http/formats.ts'
import { queryOf } from './http/request-url.ts'

const usualMax = 60
const mostMax = 500
const mostExpanded = 100

export function registerTopology(app: FastifyInstance, parts: Parts): void {
  const path = `${apiPath}/topology`
  app.get(path, async (request) => {
    const topology = await readTopology(parts, requestOf(queryOf(request)))
    return new Answer('topology', toJson(topologyType, { id: 'topology', ...topology }, { href: path }))
  })
}

const parameters = {
  ...{ provider: text, network: text, cluster: text, host: text, vm: text },
  ...{ broken: bool, expand: text, max: int },
}

function requestOf(query: URLSearchParams): TopologyRequest {
  const {
    broken,
    expand = '',
    max = usualMax,
    ...places
  } = readElements(parameters, Object.fromEntries(query), 'query')
  if (max < 0 || max > mostMax) throw new Fault('INVALID_VALUE', { reason: `max must be 0 to ${mostMax}.` })
  const ids = expand.split(',').filter((id) => id !== '')
  if (ids.length > mostExpanded)
    throw new Fault('INVALID_VALUE', { reason: `expand names at most ${mostExpanded} ids.` })
  return { filter: { ...places, onlyBroken: broken }, expand: ids, max }
}
