// README.md, docs/engine/ and the code say the same, in both directions, and the requests it shows do what it says.
import assert from 'node:assert/strict'
import { execFile, spawnSync } from 'node:child_process'
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { existsSync, readFileSync } from 'node:fs'
import { type TestContext, test } from 'node:test'
import { promisify } from 'node:util'
import { everyType } from '@patchbay/ovirt-api/types/every-type.ts'
import type { Option } from '@patchbay/service/options.ts'
import type { FastifyInstance } from 'fastify'
import { startTestProvider, type TestProvider } from '../provider/testing/test-provider.ts'
import { predefinedRoles, superUserId } from './access/predefined-roles.ts'
import { engineOptions } from './config.ts'
import { faults } from './faults.ts'
import { workflows } from './lifecycle/workflows/workflows.ts'
import { findingKinds } from './reconciliation/findings.ts'
import type { Searchable } from './search/search-fields.ts'
import * as searchables from './search/searchables.ts'
import { startTestEngine } from './testing/test-engine.ts'
import { startTestHost, type TestHost } from './testing/test-host.ts'

const pageOf = (file: string) => ({
  url: new URL(file, import.meta.url),
  text: readFileSync(new URL(file, import.meta.url), 'utf8'),
})

const readme = pageOf('README.md')
const api = pageOf('../../docs/engine/api.md')
const faultsPage = pageOf('../../docs/engine/faults.md')
const eventsPage = pageOf('../../docs/engine/events.md')
const permissions = pageOf('../../docs/engine/permissions.md')
const lifecycle = pageOf('../../docs/engine/lifecycle.md')
const reconciliation = pageOf('../../docs/engine/reconciliation.md')
type Page = typeof readme

/** The cells of all tables of the page with this first heading. */
function table({ text }: Page, heading: string): string[][] {
  const lines = text.split('\n')
  const starts = [...lines.keys()].filter((at) => lines[at]!.startsWith(`| ${heading} |`))
  assert.ok(starts.length > 0, `no table begins with ${heading}`)
  return starts.flatMap((start) => {
    const rows = lines.slice(start + 2)
    const end = rows.findIndex((line) => !line.startsWith('|'))
    return rows.slice(0, end).map((line) =>
      line
        .slice(1, -1)
        .split('|')
        .map((cell) => cell.trim()),
    )
  })
}

const quoted = (cell = '') => [...cell.matchAll(/`([^`]+)`/g)].map(([, text]) => text!)

test('every option is in the table with its default, and no other is', () => {
  const documented = table(readme, 'Option').flatMap(([names, preset]) => quoted(names).map((name) => [name, preset]))
  const options = Object.entries<Option>(engineOptions).map(([name, option]) => [name, presetOf(option)])
  assert.deepEqual(documented.sort(), options.sort())
})

function presetOf(option: Option): string {
  if (option.type === 'switch') return 'off'
  if (option.default === undefined) return 'none'
  return option.type === 'integer' ? String(option.default) : `\`${option.default}\``
}

test('every fault is in the table with its status and text and what to do, and no other is', () => {
  const rows = table(faultsPage, 'Key')
  const documented = rows.map(([key, status, text]) => [key, status, text])
  const registered = Object.entries(faults).map(([key, { status, text }]) => [
    `\`${key}\``,
    String(status),
    text.replaceAll('\n', '\\n'),
  ])
  assert.deepEqual(documented.sort(), registered.sort())
  for (const [key, , , advice] of rows) assert.match(advice!, /^[A-Z`].{10,}\.$/, key)
})

test('every event is in the table with its code and severity, and no other is', () => {
  const documented = table(eventsPage, 'Name').map((cells) => cells.slice(0, 3))
  const source = readFileSync(new URL('events/event-codes.ts', import.meta.url), 'utf8')
  const registered = [...source.matchAll(/^ {2}(\w+): \[(\d+), '(\w+)'\],$/gm)]
  assert.ok(registered.length > 0)
  assert.deepEqual(
    documented.sort(),
    registered.map(([, name, code, severity]) => [`\`${name}\``, code!, severity!]).sort(),
  )
})

test('every predefined role is in the table with its permits, and no other is', () => {
  const documented = table(permissions, 'Role').map(([name, of, what, all]) => [name, of, what, quoted(all).sort()])
  const registered = predefinedRoles.map(({ id, name, administrative, description, permits }) => [
    `\`${name}\``,
    administrative ? 'administrator' : 'user',
    description,
    id === superUserId ? [] : [...permits].sort(),
  ])
  assert.deepEqual(documented, registered)
})

test('every workflow is in the table with its steps, which of them are undone, and whether it is repeated', () => {
  const documented = table(lifecycle, 'Workflow').map(([kind, steps, end]) => [kind, steps, /^repeated/.test(end!)])
  const registered = workflows.map(({ kind, steps, onFailure }) => [
    `\`${kind}\``,
    steps.map(({ name, undo }) => (undo ? `${name} ↶` : name)).join(' → '),
    onFailure === 'repeat',
  ])
  assert.deepEqual(documented.sort(), registered.sort())
})

test('every kind of finding is in the table with what it is, and no other is', () => {
  const documented = table(reconciliation, 'Kind').map(([kind, what]) => [kind, what])
  assert.deepEqual(
    documented,
    Object.entries(findingKinds).map(([kind, what]) => [`\`${kind}\``, what]),
  )
})

test('every path is in the table with its methods and actions, and no other is', async (t) => {
  const documented = table(api, 'Path | Methods').flatMap(([path, methods, single, actions]) => [
    ...verbs(methods).map((method) => route(method, quoted(path)[0]!)),
    ...verbs(single).map((method) => route(method, `${quoted(path)[0]}/{id}`)),
    ...quoted(actions).map((action) => route('POST', `${quoted(path)[0]}/{id}/${action}`)),
  ])
  const served = await servedRoutes(t)
  const ofApi = served.filter(([, path]) => path.startsWith('/ovirt-engine/api'))
  assert.deepEqual(
    documented.sort(),
    ofApi.map(([method, path]) => route(method, path.slice('/ovirt-engine/api'.length) || '/')).sort(),
  )
  for (const [method, path] of served.filter((each) => !ofApi.includes(each)))
    assert.ok(api.text.includes(`\`${path}\``), `${method} ${path}`)
})

const verbs = (cell = '') => cell.match(/[A-Z]+/g) ?? []
const route = (method: string, path: string) => `${method} ${path.replaceAll(/:\w+|\{\w+\}/g, '{}')}`

async function servedRoutes(t: TestContext): Promise<[string, string][]> {
  const routes: [string, string][] = []
  const listen = (message: unknown) => {
    const { fastify } = message as { fastify: FastifyInstance }
    fastify.addHook('onRoute', ({ method, url }) => {
      for (const each of [method].flat()) if (each !== 'HEAD') routes.push([each, url])
    })
  }
  subscribe('fastify.initialization', listen)
  t.after(() => unsubscribe('fastify.initialization', listen))
  await startTestEngine(t)
  return routes
}

test('every field that can be searched by is in the table, and no other is', () => {
  const documented = table(api, 'Collection').map(([path, fields, related]) => [
    ...quoted(path),
    quoted(fields).sort(),
    quoted(related!.replaceAll(/\([^)]*\)/g, '')).sort(),
  ])
  const namesOf = (search: Searchable) => [Object.keys(search.fields).sort(), Object.keys(search.related ?? {}).sort()]
  const searched = [...served].map(([path, search]) => [path, ...namesOf(search)])
  assert.deepEqual(documented, searched)
})

const served = new Map<string, Searchable>([
  ['/datacenters', searchables.dataCenterSearch],
  ['/clusters', searchables.clusterSearch],
  ['/hosts', searchables.hostSearch],
  ['/openstacknetworkproviders', searchables.providerSearch],
  ['/networks', searchables.networkSearch],
  ['/vnicprofiles', searchables.vnicProfileSearch],
  ['/macpools', searchables.macPoolSearch],
  ['/vms', searchables.vmSearch],
  ['/templates', searchables.templateSearch],
  ['/users', searchables.userSearch],
  ['/events', searchables.eventSearch],
])

test('every element of every resource is in the table or named as ignored, and no other is', () => {
  const ignored = quoted(/^Ignored: .*$/m.exec(api.text)?.[0])
  const documented = table(api, 'Resource').map(([name, given, answered]) => {
    // What stands in brackets are values.
    const elements = quoted(`${given} ${answered}`.replaceAll(/\([^)]*\)/g, ''))
    return [quoted(name)[0]!, elements.filter((element) => element !== 'id').sort()]
  })
  const described = everyType.map(({ singular, fields }) => [
    singular,
    Object.keys(fields)
      .filter((name) => !ignored.includes(name))
      .sort(),
  ])
  assert.deepEqual(Object.fromEntries(documented), Object.fromEntries(described))
})

test('links lead to files', () => {
  for (const { text, url } of [readme, api, faultsPage, eventsPage, permissions, lifecycle, reconciliation])
    for (const [, target] of text.matchAll(/\]\(([^)#]+)[^)]*\)/g)) assert.ok(existsSync(new URL(target!, url)), target)
})

const missing = ['curl', 'jq'].filter((command) => spawnSync(command, ['--version']).error)
const skip = missing.length > 0 && `not installed: ${missing.join(', ')}`

test('the commands take a VM from a provider to the other host', { skip }, async (t) => {
  const provider = await startTestProvider(t, { administrator: { name: 'admin', password: 'provider-secret' } })
  const engine = await startTestEngine(t, { administrator: { name: 'admin@internal', password: 'secret' } })
  const hostB = await startBoundHost(t, 'b')
  const hostA = await startBoundHost(t, 'a', [hostB])
  const askProvider = await logIn(provider)
  await askProvider('POST', '/networks', { network: { name: 'blue' } })

  const output = await runCommands({
    'http://localhost:8080': engine.url,
    'http://192.0.2.1:9696': provider.url,
    'http://192.0.2.1:35357/v2.0': provider.identityUrl!,
    '"192.0.2.11"': `"127.0.0.1", "port": "${hostA.port}"`,
    '"192.0.2.12"': `"127.0.0.1", "port": "${hostB.port}"`,
  })
  const { link, actions, href, ...vm } = JSON.parse(output.slice(output.lastIndexOf('{"name"')))
  const example = JSON.parse(block('json'))
  assert.deepEqual(withoutIds(vm), withoutIds(example))
  assert.deepEqual([[...hostA.vms.keys()], [...hostB.vms.keys()]], [[], [vm.id]])
  const { ports } = await askProvider('GET', '/ports')
  assert.deepEqual(
    ports.map((port: any) => [port.name, port['binding:host_id'], port.fixed_ips.length]),
    [['nic1', 'b', 1]],
  )
})

const withoutIds = (vm: object) => ({ ...vm, id: '', host: {}, cluster: {}, template: {} })

async function startBoundHost(t: TestContext, bindingId: string, peers: TestHost[] = []): Promise<TestHost> {
  const host = await startTestHost(t, peers)
  host.answer('Host.getCapabilities', async () => ({ openstack_binding_host_ids: { LINUX_BRIDGE: bindingId } }))
  return host
}

async function logIn({ identityUrl, send }: TestProvider) {
  const auth = { passwordCredentials: { username: 'admin', password: 'provider-secret' } }
  const answer = await fetch(`${identityUrl}/tokens`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ auth }),
  })
  const token = ((await answer.json()) as any).access.token.id
  return async (method: string, path: string, body?: object) =>
    (await send(method, path, body, { 'x-auth-token': token })).body
}

/** Runs the README's commands on a constellation of this test: each address of the README is another one here. */
async function runCommands(addresses: Readonly<Record<string, string>>): Promise<string> {
  let script = `set -euo pipefail\n${block('sh', 'api=')}`
  for (const [shown, real] of Object.entries(addresses)) {
    assert.ok(script.includes(shown), shown)
    script = script.replaceAll(shown, real)
  }
  const { stdout } = await promisify(execFile)('bash', ['-c', script], { timeout: 30_000 })
  return stdout
}

function block(language: string, beginning = ''): string {
  const [, text] = new RegExp(`^\`\`\`${language}\\n(${beginning}[^]*?)^\`\`\`$`, 'm').exec(readme.text) ?? []
  assert.ok(text, `no block of ${language}`)
  return text
}
