// Neutron's extension `binding-extended`: /v2.0/ports/{id}/bindings[/{host}[/activate]]. For administrators, as which
// engines and drivers log in.
import { parseListing, project, select } from '@patchbay/networking-api/listing/listing.ts'
import { parseCreate, parseUpdate } from '@patchbay/networking-api/resource.ts'
import { portBindingType } from '@patchbay/networking-api/resources/port-bindings.ts'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { isAdmin } from '../identity/principal.ts'
import { forbidden } from '../services/policies.ts'
import type { PortBindings } from '../services/ports/port-bindings.ts'
import { principalOf } from './authentication.ts'
import { queryOf } from './query.ts'

const collection = '/v2.0/ports/:id/bindings'
const one = `${collection}/:host`

export function registerPortBindings(app: FastifyInstance, bindings: PortBindings): void {
  app.get(collection, async (request) => {
    const { id } = addressed(request, 'get_port_binding')
    const listing = parseListing(portBindingType, queryOf(request))
    // A marker is the host that the page before ended with.
    const rows = bindings.list(id).map((binding) => ({ ...binding, id: binding.host }))
    return {
      bindings: select(portBindingType, rows, listing).map(({ id: _, ...row }) => project(row, listing.fields)),
    }
  })
  app.post(collection, async (request, reply) => {
    const { id } = addressed(request, 'create_port_binding')
    const binding = await bindings.create(id, parseCreate(portBindingType, request.body))
    return reply.code(201).send({ binding })
  })
  app.get(one, async (request) => {
    const { id, host } = addressed(request, 'get_port_binding')
    return { binding: project(bindings.get(id, host), queryOf(request).getAll('fields')) }
  })
  app.put(one, async (request) => {
    const { id, host } = addressed(request, 'update_port_binding')
    return { binding: await bindings.update(id, host, parseUpdate(portBindingType, request.body)) }
  })
  app.delete(one, async (request, reply) => {
    const { id, host } = addressed(request, 'delete_port_binding')
    await bindings.remove(id, host)
    return reply.code(204).send()
  })
  // Neutron answers the binding itself here, without a key around it.
  app.put(`${one}/activate`, async (request) => {
    const { id, host } = addressed(request, 'activate')
    return bindings.activate(id, host)
  })
}

/** Throws for who is no administrator. */
function addressed(request: FastifyRequest, rule: string): { id: string; host: string } {
  if (!isAdmin(principalOf(request))) throw forbidden(rule)
  const { id, host = '' } = request.params as { id: string; host?: string }
  return { id, host }
}
