// The extensions list: what it names is there, and what needs a data plane that can do it is named only with one.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fastify } from 'fastify'
import type { Capabilities } from '../backends/backend.ts'
import { registerExtensions } from '../routes/extensions.ts'
import { startTestProvider, testBackend } from '../testing/test-provider.ts'
import { startServices } from '../testing/test-services.ts'

async function aliases(capabilities: Capabilities): Promise<string[]> {
  const app = fastify()
  registerExtensions(app, capabilities)
  const { extensions } = (await app.inject('/v2.0/extensions')).json()
  return extensions.map(({ alias }: any) => alias)
}

test('what depends on the data plane is offered where the data plane has it', async (t) => {
  const { capabilities: least } = await startServices(t, { wires: false, portExtras: [] })
  const always = await aliases(least)
  for (const [capability, alias] of [
    [{ wires: true }, 'patchbay-wires'],
    [{ portExtras: ['allowed_address_pairs'] }, 'allowed-address-pairs'],
    [{ portExtras: ['extra_dhcp_opts'] }, 'extra_dhcp_opt'],
  ] as const) {
    const offered = await aliases({ ...least, ...capability })
    assert.deepEqual(
      offered.filter((each) => !always.includes(each)),
      [alias],
    )
  }
})

type Signs = Readonly<Record<string, readonly [path: string, attribute?: string]>>

/** What a request must find for an extension that has requests or attributes of its own. */
const signs: Signs = {
  'allowed-address-pairs': ['/ports', 'allowed_address_pairs'],
  binding: ['/ports', 'binding:host_id'],
  'binding-extended': ['/ports', 'inactive_bindings'],
  'ext-gw-mode': ['/routers', 'external_gateway_info'],
  'external-net': ['/networks', 'router:external'],
  extraroute: ['/routers', 'routes'],
  'net-mtu': ['/networks', 'mtu'],
  'network-ip-availability': ['/network-ip-availabilities'],
  'port-security': ['/ports', 'port_security_enabled'],
  'project-id': ['/networks', 'project_id'],
  provider: ['/networks', 'provider:network_type'],
  quota_details: ['/quotas/x/details'],
  quotas: ['/quotas'],
  router: ['/floatingips'],
  'standard-attr-description': ['/subnets', 'description'],
  'standard-attr-revisions': ['/subnets', 'revision_number'],
  'standard-attr-tag': ['/subnets', 'tags'],
  'standard-attr-timestamp': ['/subnets', 'created_at'],
}

const signsOfBackend: Record<typeof testBackend, Signs> = {
  embedded: {},
  ovn: {
    extra_dhcp_opt: ['/ports', 'extra_dhcp_opts'],
    'security-group': ['/security-groups', 'security_group_rules'],
  },
}

test('what is offered is there', async (t) => {
  const { send } = await startTestProvider(t)
  const { network } = (await send('POST', '/networks', { network: {} })).body
  await send('POST', '/subnets', { subnet: { network_id: network.id, ip_version: 4, cidr: '10.0.0.0/24' } })
  await send('POST', '/ports', { port: { network_id: network.id } })
  await send('POST', '/routers', { router: {} })
  for (const [alias, [path, attribute]] of Object.entries({ ...signs, ...signsOfBackend[testBackend] })) {
    assert.equal((await send('GET', `/extensions/${alias}`)).body.extension.alias, alias)
    const { status, body } = await send('GET', path)
    assert.equal(status, 200, path)
    if (attribute) assert.ok(attribute in body[path.slice(1).replaceAll('-', '_')][0], attribute)
  }
})

test('what is not offered is 404', async (t) => {
  const { send } = await startTestProvider(t)
  const others = { embedded: ['security-group', 'extra_dhcp_opt'], ovn: ['patchbay-wires'] }[testBackend]
  for (const alias of [...others, 'tag-ports-during-bulk-creation']) {
    const { status, body } = await send('GET', `/extensions/${alias}`)
    assert.deepEqual([status, body.NeutronError.type], [404, 'ExtensionNotFound'])
  }
})
