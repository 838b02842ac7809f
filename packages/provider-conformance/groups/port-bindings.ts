// The group `port-bindings`: for providers with Neutron's extension `binding-extended`, which live migrations use.
import { errorType, isObject, isSuccess, must, mustRefuse, same, skip } from '../check.ts'
import { type CaseDraft, caseGroup } from '../conformance-case.ts'
import type { ProviderUnderTest } from '../provider-under-test.ts'
import { makeNetwork, makePort } from '../resources.ts'
import { absentExtension } from './offered.ts'

const source = 'Neutron: extension binding-extended'

const cases: readonly CaseDraft[] = [
  {
    id: 'active',
    level: 'optional',
    rule: 'A port that is bound has an ACTIVE binding for its binding:host_id',
    source,
    async run(provider) {
      const { bindings } = await makeBoundPort(provider)
      same((await bindings()).get('h1'), 'ACTIVE', 'the status of the binding for the host of the port')
    },
  },
  {
    id: 'prepare',
    level: 'optional',
    rule: 'POST ports/{id}/bindings adds an INACTIVE binding, and the port stays where it is',
    source,
    async run(provider) {
      const { path, prepare, bindings, host } = await makeBoundPort(provider)
      same((await prepare('h2')).status, 'INACTIVE', 'the status of the new binding')
      same([(await bindings()).get('h1'), (await bindings()).get('h2')], ['ACTIVE', 'INACTIVE'], 'the statuses')
      const port = await provider.one('GET', path, 'port')
      same(port['binding:host_id'], host('h1'), 'binding:host_id')
    },
  },
  {
    id: 'activate',
    level: 'optional',
    rule: 'PUT ports/{id}/bindings/{host}/activate moves the port there; the binding of the other host is INACTIVE',
    source,
    async run(provider) {
      const { path, prepare, bindings, host } = await makeBoundPort(provider)
      await prepare('h2')
      await provider.ask('PUT', `${path}/bindings/${host('h2')}/activate`)
      same([(await bindings()).get('h1'), (await bindings()).get('h2')], ['INACTIVE', 'ACTIVE'], 'the statuses')
      const port = await provider.one('GET', path, 'port')
      same(port['binding:host_id'], host('h2'), 'binding:host_id')
    },
  },
  {
    id: 'delete',
    level: 'optional',
    rule: 'DELETE ports/{id}/bindings/{host} removes an INACTIVE binding, and deleting it again is answered 404',
    source,
    async run(provider) {
      const { path, prepare, bindings, host } = await makeBoundPort(provider)
      await prepare('h2')
      await provider.ask('DELETE', `${path}/bindings/${host('h2')}`)
      must(!(await bindings()).has('h2'), 'the binding is still listed')
      const { status } = await provider.send('DELETE', `${path}/bindings/${host('h2')}`)
      same(status, 404, 'the status of the second DELETE')
    },
  },
  {
    id: 'already-exists',
    level: 'optional',
    rule: 'A second binding for a host is answered 409 PortBindingAlreadyExists',
    source,
    async run(provider) {
      const { path, prepare, host } = await makeBoundPort(provider)
      await prepare('h2')
      const binding = { host: host('h2') }
      mustRefuse(await provider.send('POST', `${path}/bindings`, { binding }), 409, 'PortBindingAlreadyExists')
    },
  },
  {
    id: 'already-active',
    level: 'optional',
    rule: 'Activating the ACTIVE binding is answered 409 PortBindingAlreadyActive',
    source,
    async run(provider) {
      const { path, host } = await makeBoundPort(provider)
      const answer = await provider.send('PUT', `${path}/bindings/${host('h1')}/activate`)
      mustRefuse(answer, 409, 'PortBindingAlreadyActive')
    },
  },
  {
    id: 'not-prepared',
    level: 'optional',
    rule: 'Activating a binding that is not there is answered 404 PortBindingNotFound, and the port stays where it is',
    source,
    async run(provider) {
      const { path, bindings, host } = await makeBoundPort(provider)
      const answer = await provider.send('PUT', `${path}/bindings/${host('h9')}/activate`)
      mustRefuse(answer, 404, 'PortBindingNotFound')
      same((await bindings()).get('h1'), 'ACTIVE', 'the status of the binding for the host of the port')
    },
  },
]

export const portBindings = caseGroup(
  'port-bindings',
  'bindings of a port to several hosts, where the provider has them',
  cases,
  (provider) => absentExtension(provider, 'binding-extended'),
)

/** A port at the host `h1` of this run; hosts have names that no real one has. */
async function makeBoundPort(provider: ProviderUnderTest) {
  const host = (short: string) => provider.name(short)
  const network = await makeNetwork(provider)
  const wish = { device_owner: 'compute:nova', 'binding:host_id': host('h1') }
  const { id } = await makePort(provider, network, wish)
  const path = `/ports/${id}`
  return {
    path,
    host,
    async prepare(short: string) {
      const answer = await provider.send('POST', `${path}/bindings`, { binding: { host: host(short) } })
      // Neutron with agents: none of them is on this host.
      if (errorType(answer.body) === 'PortBindingError') skip('the provider binds only to hosts that it knows')
      must(isSuccess(answer), `the answer is ${answer.status}`)
      const { body } = answer
      const binding = isObject(body) ? body.binding : undefined
      must(isObject(binding), 'the answer is not {"binding": {…}}')
      return binding
    },
    /** The hosts' short names and what their bindings are. */
    async bindings(): Promise<ReadonlyMap<string, unknown>> {
      const { body } = await provider.ask('GET', `${path}/bindings`)
      const rows = isObject(body) ? body.bindings : undefined
      must(Array.isArray(rows) && rows.every(isObject), 'the answer is not {"bindings": [{"host": …}, …]}')
      return new Map(rows.map((row) => [String(row.host).replace(host(''), ''), row.status]))
    },
  }
}
