// `patchbay driver …`: driver packages that an engine installs on its hosts.
import { readFileSync } from 'node:fs'
import type { Command } from 'commander'
import { providerNamed } from './networks/providers.ts'
import { named, namesIn } from './session/named.ts'
import { asProperty } from './session/property.ts'
import type { EngineSession, Item } from './session/session.ts'
import { engineVerb, nounOf } from './session/verb.ts'

export function registerDrivers(program: Command): void {
  const noun = nounOf(program, 'driver', 'VIF drivers')
  engineVerb(noun, 'list', 'the driver packages of the engine', async (session) => ({
    items: await session.list('/driverpackages'),
    columns: [
      ['NAME', ({ name }) => name],
      ['VERSION', ({ version }) => version],
      ['FOR', ({ plugin_types }) => plugin_types?.plugin_type?.join(' ')],
      ['BYTES', ({ size }) => size],
      ['ID', ({ id }) => id],
    ],
  }))
  engineVerb(noun, 'upload <file>', 'give the engine a package', async (session, [file]) => {
    const item = await session.ask('POST', '/driverpackages', new Uint8Array(readFileSync(file!)))
    return { done: `driver ${item.name} ${item.version} was uploaded (${item.id})`, item }
  })
  engineVerb(
    noun,
    'attach <provider> <driver>',
    "install it on the hosts of the provider's clusters",
    async (session, [provider, driver], flags) => {
      const { id } = await providerNamed(session, provider!)
      const wanted = await packageNamed(session, driver!)
      const properties = { property: ((flags.option ?? []) as string[]).map(asProperty) }
      const path = `/openstacknetworkproviders/${id}/driverpackages`
      const item = await session.ask('POST', path, { id: wanted.id, properties })
      return {
        done: `driver ${wanted.name} ${wanted.version} goes to the hosts: patchbay driver status ${withVersion(wanted)}`,
        item,
      }
    },
  ).option('--option <name=value...>', "the driver's own options; those of an earlier version are not kept")
  engineVerb(noun, 'detach <provider> <driver>', 'remove it from them', async (session, [provider, driver]) => {
    const { id } = await providerNamed(session, provider!)
    const path = `/openstacknetworkproviders/${id}/driverpackages`
    await session.ask('DELETE', `${path}/${(await packageNamed(session, driver!, path)).id}`)
    return { done: `driver ${driver} is detached from provider ${provider}` }
  })
  engineVerb(noun, 'status <driver>', 'how far it is on each host', async (session, [driver]) => {
    const { id } = await packageNamed(session, driver!)
    const hosts = await namesIn(session, '/hosts')
    return {
      items: await session.list(`/driverpackages/${id}/deployments`),
      columns: [
        ['HOST', ({ host }) => hosts(host?.id)],
        ['STATUS', ({ status }) => status],
        ['PROGRESS', ({ progress }) => `${progress} %`],
        ['DETAIL', ({ status_detail }) => status_detail],
      ],
    }
  })
  engineVerb(noun, 'delete <driver>', 'take a package out of the engine', async (session, [driver]) => {
    const { id } = await packageNamed(session, driver!)
    await session.ask('DELETE', `/driverpackages/${id}`)
    return { done: `driver package ${driver} was removed` }
  })
}

/** By name where there is one version, else as `NAME-VERSION`, as the package's file is called. */
const packageNamed = (session: EngineSession, driver: string, collection = '/driverpackages') =>
  named(session, collection, 'driver package', driver, withVersion)

const withVersion = ({ name, version }: Item) => `${name}-${version}`
