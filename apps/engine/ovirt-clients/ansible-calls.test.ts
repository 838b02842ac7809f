// The calls that oVirt's Ansible modules make, in their order and in XML: an external provider, its network in a cluster, a VM
// with a vNIC, from the token to its end.
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { fromXml } from '@patchbay/ovirt-api/xml.ts'
import { startTestProvider } from '../../provider/testing/test-provider.ts'
import { startTestEngine } from '../testing/test-engine.ts'

/** A tree of an answer: attributes and elements alike; an element that occurs once is no list. */
type Tree = any

/** As a module begins: it gets a token, and sends it with every request. */
async function logIn(t: TestContext) {
  const engine = await startTestEngine(t, { administrator: { name: 'admin@internal', password: 'secret' } })
  const form = (fields: Record<string, string>) => ({
    method: 'POST',
    headers: { accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams(fields),
  })
  const login = { grant_type: 'password', scope: 'ovirt-app-api', username: 'admin@internal', password: 'secret' }
  const answer = await fetch(`${engine.url}/ovirt-engine/sso/oauth/token`, form(login))
  const { access_token: token } = (await answer.json()) as Tree

  const headers = {
    authorization: `Bearer ${token}`,
    accept: 'application/xml',
    'content-type': 'application/xml',
    version: '4',
  }
  const send = async (method: string, href: string, body?: string) => {
    const path = href.startsWith('/ovirt-engine') ? href : `/ovirt-engine/api/${href}`
    const response = await fetch(engine.url + path, { method, headers, ...(body !== undefined && { body }) })
    const text = await response.text()
    assert.match(response.headers.get('content-type')!, /^application\/xml/, text)
    return { status: response.status, tree: fromXml(text) as Tree, text }
  }
  const ask = async (...request: Parameters<typeof send>): Promise<Tree> => {
    const { status, tree, text } = await send(...request)
    assert.ok(status === 200 || status === 201, `${request.join(' ')}: ${status} ${text}`)
    return tree
  }
  const search = (collection: string, words: string, more = '') =>
    ask('GET', `${collection}?search=${encodeURIComponent(words)}${more}`)
  const logOut = () => fetch(`${engine.url}/ovirt-engine/services/sso-logout`, form({ scope: '', token }))
  return { send, ask, search, logOut }
}

const reference = (name: string, id: string) => `<${name} id="${id}"/>`

test('what the modules ask for is there', async (t) => {
  const provider = await startTestProvider(t)
  await provider.send('POST', '/networks', { network: { name: 'blue' } })
  const { send, ask, search, logOut } = await logIn(t)
  const center = await ask('POST', 'datacenters', '<data_center><name>dc</name><local>false</local></data_center>')
  const cluster = await ask(
    'POST',
    'clusters',
    '<cluster><data_center><name>dc</name></data_center><name>c</name></cluster>',
  )

  // ovirt_external_provider
  assert.deepEqual(await search('openstacknetworkproviders', 'name="sdn"'), '')
  const fields = `<name>sdn</name><type>external</type><url>${provider.url}</url><requires_authentication>false</requires_authentication>`
  const sdn = await ask(
    'POST',
    'openstacknetworkproviders',
    `<openstack_network_provider>${fields}<read_only>false</read_only></openstack_network_provider>`,
  )
  const described = '<openstack_network_provider><description>d</description></openstack_network_provider>'
  assert.equal((await ask('PUT', sdn.href, described)).description, 'd')

  // ovirt_network
  assert.equal(await ask('GET', 'networks'), '')
  const found = (await search('openstacknetworkproviders', 'name="sdn"')).openstack_network_provider
  const there = (await ask('GET', `${found.href}/networks`)).openstack_network
  await ask(
    'POST',
    `${there.href}/import`,
    '<action><async>false</async><data_center><name>dc</name></data_center></action>',
  )
  const { network } = await search('networks', 'name="blue" and datacenter="dc"')
  const inCluster = `${(await search('clusters', 'name="c"')).cluster.href}/networks`
  assert.equal((await send('GET', `${inCluster}/${network.id}`)).status, 404)
  await ask('POST', inCluster, `<network id="${network.id}"><required>false</required></network>`)
  assert.equal((await ask('GET', `${inCluster}/${network.id}`)).required, 'false')

  // ovirt_vm
  assert.equal(await search('vms', 'name="web"', '&all_content=true'), '')
  const blank = '<template id="00000000-0000-0000-0000-000000000000"/>'
  const vm = await ask('POST', 'vms', `<vm><cluster><name>c</name></cluster><name>web</name>${blank}</vm>`)
  assert.equal(await ask('GET', `${vm.href}/numanodes`), '')

  // ovirt_nic
  const web = (await search('vms', 'name="web"')).vm
  assert.equal(web.id, vm.id)
  assert.equal((await ask('GET', web.cluster.href)).id, cluster.id)
  assert.equal((await search('datacenters', 'Clusters.name=c')).data_center.id, center.id)
  assert.equal((await ask('GET', `${center.href}/networks`)).network.id, network.id)
  const { vnic_profile: profile } = await ask('GET', 'vnicprofiles')
  assert.equal(profile.network.id, network.id)
  assert.equal(await ask('GET', `${web.href}/nics`), '')
  const nicBody = `<nic><interface>virtio</interface><name>nic1</name>${reference('vnic_profile', profile.id)}</nic>`
  const nic = await ask('POST', `${web.href}/nics`, nicBody)
  await ask('PUT', nic.href, `<nic><linked>true</linked><mac><address>${nic.mac.address}</address></mac></nic>`)
  assert.equal((await ask('POST', `${nic.href}/deactivate`, '<action/>')).status, 'complete')
  assert.equal((await ask('GET', nic.href)).plugged, 'false')
  await ask('POST', `${nic.href}/activate`, '<action><async>false</async></action>')

  // ovirt_host looks for events first, and must find some.
  assert.ok((await ask('GET', 'events?max=1')).event.id)

  // state: absent, each looked for until it is gone
  for (const href of [
    nic.href,
    vm.href,
    `${inCluster}/${network.id}`,
    network.href,
    sdn.href,
    cluster.href,
    center.href,
  ]) {
    assert.equal((await ask('DELETE', href)).status, 'complete')
    assert.equal((await send('GET', href)).status, 404)
  }
  assert.equal((await logOut()).status, 200)
  assert.equal((await send('GET', 'vms')).status, 401)
})
