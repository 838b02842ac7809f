// `patchbay datacenter …` and `patchbay cluster …`: where hosts belong.
import type { Command } from 'commander'
import { clusterNamed } from './networks/networks.ts'
import { editVerb, textsIn, withTexts } from './session/edit-verb.ts'
import { named, namesIn } from './session/named.ts'
import type { EngineSession } from './session/session.ts'
import { engineVerb, nounOf } from './session/verb.ts'

const dataCenterNamed = (session: EngineSession, name: string) => named(session, '/datacenters', 'data center', name)

export function registerDataCentersAndClusters(program: Command): void {
  registerDataCenters(nounOf(program, 'datacenter', 'data centers: networks belong to one, and so do clusters'))
  registerClusters(nounOf(program, 'cluster', 'clusters: hosts that VMs can move between'))
}

function registerDataCenters(noun: Command): void {
  engineVerb(noun, 'list', 'the data centers', async (session) => ({
    items: await session.list('/datacenters'),
    columns: [
      ['NAME', ({ name }) => name],
      ['STATUS', ({ status }) => status],
      ['DESCRIPTION', ({ description }) => description],
    ],
  }))
  engineVerb(noun, 'add <name>', 'add one', async (session, [name]) => ({
    item: await session.ask('POST', '/datacenters', { name }),
    done: `data center ${name} was added`,
  }))
  withTexts(
    editVerb(noun, 'edit <data-center>', {
      what: 'data center',
      path: async (session, [name]) => `/datacenters/${(await dataCenterNamed(session, name!)).id}`,
      request: textsIn,
    }),
  )
  engineVerb(noun, 'remove <data-center>', 'remove one', async (session, [name]) => {
    await session.ask('DELETE', `/datacenters/${(await dataCenterNamed(session, name!)).id}`)
    return { done: `data center ${name} was removed` }
  })
}

function registerClusters(noun: Command): void {
  engineVerb(noun, 'list', 'the clusters', async (session) => {
    const dataCenters = await namesIn(session, '/datacenters')
    return {
      items: await session.list('/clusters'),
      columns: [
        ['NAME', ({ name }) => name],
        ['DATA CENTER', ({ data_center }) => dataCenters(data_center?.id)],
        ['SWITCH', ({ switch_type }) => switch_type],
      ],
    }
  })
  engineVerb(noun, 'add <name>', 'add one', async (session, [name], flags) => {
    const request = { name, data_center: { name: flags.dataCenter }, switch_type: flags.switchType }
    return { done: `cluster ${name} was added`, item: await session.ask('POST', '/clusters', request) }
  })
    .requiredOption('--data-center <name>', 'to which it belongs')
    .option('--switch-type <type>', 'legacy (Linux bridges) or ovs', 'legacy')
  const editing = editVerb(noun, 'edit <cluster>', {
    what: 'cluster',
    path: async (session, [name]) => `/clusters/${(await clusterNamed(session, name!)).id}`,
    request: ({ switchType, macPool, defaultProvider, ...flags }) => ({
      ...textsIn(flags),
      switch_type: switchType,
      mac_pool: macPool === undefined ? undefined : { name: macPool },
      external_network_providers: defaultProvider === undefined ? undefined : providersNamed(defaultProvider),
    }),
  })
  withTexts(editing)
    .option('--switch-type <type>', 'legacy (Linux bridges) or ovs; of a cluster without hosts')
    .option('--default-provider <name>', 'network provider that its hosts are set up for; "" for none')
    .option('--mac-pool <name>', "where its vNICs' addresses come from")
  engineVerb(noun, 'remove <cluster>', 'remove one', async (session, [name]) => {
    await session.ask('DELETE', `/clusters/${(await clusterNamed(session, name!)).id}`)
    return { done: `cluster ${name} was removed` }
  })
}

const providersNamed = (name: string) => ({ external_provider: name === '' ? [] : [{ name }] })
