// `patchbay vm …` and `patchbay nic …`: VMs of an engine and their vNICs.
import type { Command } from 'commander'
import { named, namesIn } from './named.ts'
import type { Column } from './output.ts'
import { withProgress } from './progress.ts'
import type { EngineSession, Item } from './session.ts'
import { engineVerb, type Flags, nounOf } from './verb.ts'

const vmNamed = (session: EngineSession, name: string) => named(session, '/vms', 'VM', name)

export function registerVms(program: Command): void {
  const noun = nounOf(program, 'vm', 'VMs')
  engineVerb(noun, 'list', 'the VMs', async (session) => {
    const [hosts, clusters] = await Promise.all([namesIn(session, '/hosts'), namesIn(session, '/clusters')])
    const columns: readonly Column[] = [
      ['NAME', ({ name }) => name],
      ['STATUS', ({ status }) => status],
      ['HOST', ({ host }) => hosts(host?.id)],
      ['CLUSTER', ({ cluster }) => clusters(cluster?.id)],
      ['DETAIL', ({ status_detail }) => status_detail],
    ]
    return { items: await session.list('/vms'), columns }
  })
  engineVerb(noun, 'add <name>', 'add one', async (session, [name], flags) => {
    const request = {
      name,
      cluster: { name: flags.cluster },
      ...(flags.memory !== undefined && { memory: String(Number(flags.memory) * 1024 * 1024) }),
    }
    return { done: `VM ${name} was added`, item: await session.ask('POST', '/vms', request) }
  })
    .requiredOption('--cluster <name>', 'whose hosts run it')
    .option('--memory <MiB>', 'of memory')
  action(noun, 'start', 'start it', (flags) => (flags.host ? { vm: { host: { name: flags.host } } } : {})).option(
    '--host <name>',
    'where',
  )
  action(noun, 'stop', 'pull its plug')
  action(noun, 'shutdown', 'ask its system to end')
  action(noun, 'reboot', 'ask its system to start anew')
  action(noun, 'suspend', 'write its memory down and end it; start takes it up again')
  action(noun, 'migrate', 'move it while it runs', (flags) =>
    flags.host ? { host: { name: flags.host } } : {},
  ).option('--host <name>', 'where to')
  engineVerb(noun, 'remove <vm>', 'remove it, with vNICs and ports', async (session, [name]) => {
    const { id } = await vmNamed(session, name!)
    await session.ask('DELETE', `/vms/${id}`)
    return { done: `VM ${name} was removed` }
  })
  registerNics(program)
}

function action(noun: Command, verb: string, about: string, body: (flags: Flags) => object = () => ({})): Command {
  return engineVerb(noun, `${verb} <vm>`, about, async (session, [name], flags) => {
    const { id } = await vmNamed(session, name!)
    await withProgress(session, () => session.ask('POST', `/vms/${id}/${verb}`, body(flags)))
    const vm = await session.ask('GET', `/vms/${id}`)
    const host = vm.host ? ` on ${(await session.ask('GET', `/hosts/${vm.host.id}`)).name}` : ''
    return { done: `VM ${name} is ${vm.status}${host}`, item: vm }
  })
}

function registerNics(program: Command): void {
  const noun = nounOf(program, 'nic', 'vNICs of VMs')
  const nics = async (session: EngineSession, vm: string) => `/vms/${(await vmNamed(session, vm)).id}/nics`
  const nicPath = async (session: EngineSession, [vm, nic]: readonly string[]) => {
    const path = await nics(session, vm!)
    return `${path}/${(await named(session, path, 'vNIC', nic!)).id}`
  }
  engineVerb(noun, 'list <vm>', "a VM's", async (session, [vm]) => {
    const profiles = await namesIn(session, '/vnicprofiles')
    return { items: await session.list(await nics(session, vm!)), columns: nicColumns(profiles) }
  })
  engineVerb(noun, 'add <vm> <name>', 'add one; a running VM gets it at once', async (session, [vm, name], flags) => {
    const request = { name, ...(await requestOf(session, flags)) }
    const path = await nics(session, vm!)
    const item = await withProgress(session, () => session.ask('POST', path, request))
    return { done: `vNIC ${name} was added to ${vm}: ${item.mac?.address}`, item }
  })
    .option('--profile <name>', 'its vNIC profile, and with it its network')
    .option('--mac <address>', 'instead of a free one')
    .option('--interface <model>', 'virtio, e1000, …')
    .option('--unplugged', 'plug it later')
  engineVerb(noun, 'edit <vm> <nic>', 'change what is given', async (session, args, flags) => {
    const item = await session.ask('PUT', await nicPath(session, args), await requestOf(session, flags))
    return { done: `vNIC ${args[1]} of ${args[0]} was changed`, item }
  })
    .option('--profile <name>', 'its vNIC profile; "" for none')
    .option('--mac <address>')
    .option('--interface <model>')
    .option('--linked <boolean>')
  for (const [verb, path, done] of [
    ['plug', 'activate', 'is plugged'],
    ['unplug', 'deactivate', 'is unplugged'],
  ] as const)
    engineVerb(noun, `${verb} <vm> <nic>`, `${verb} it`, async (session, args) => {
      const nic = await nicPath(session, args)
      await withProgress(session, () => session.ask('POST', `${nic}/${path}`, {}))
      return { done: `vNIC ${args[1]} of ${args[0]} ${done}` }
    })
  engineVerb(noun, 'diagnose <vm> <nic>', 'why it has no network', async (session, args) => {
    const item = await session.ask('GET', `${await nicPath(session, args)}/diagnosis`)
    return { done: diagnosisText(item), item }
  })
  engineVerb(noun, 'remove <vm> <nic>', 'remove it, and its port', async (session, args) => {
    await session.ask('DELETE', await nicPath(session, args))
    return { done: `vNIC ${args[1]} of ${args[0]} was removed` }
  })
}

const marks: Readonly<Record<string, string>> = { ok: '✔', broken: '✖', unknown: '?', skipped: '-' }

function diagnosisText({ steps, cause, advice }: Item): string {
  const all: Item[] = steps?.step ?? []
  const width = Math.max(...all.map(({ name }) => name.length))
  const lines = all.map(({ name, status, found }) => `${marks[status]} ${name.padEnd(width)}  ${found}`)
  return [...lines, ...(cause ? ['', `The ${cause} is what is broken. ${advice}`] : [])].join('\n')
}

const nicColumns = (profiles: (id: string | undefined) => string): readonly Column[] => [
  ['NAME', ({ name }) => name],
  ['MAC', ({ mac }) => mac?.address],
  ['PROFILE', ({ vnic_profile }) => profiles(vnic_profile?.id)],
  ['INTERFACE', (nic) => nic.interface],
  ['LINKED', ({ linked }) => linked],
  ['PLUGGED', ({ plugged }) => plugged],
]

async function requestOf(session: EngineSession, flags: Flags): Promise<Item> {
  const { profile, mac, linked, unplugged } = flags
  const chosen = profile ? await named(session, '/vnicprofiles', 'profile', profile) : undefined
  return {
    ...(profile !== undefined && { vnic_profile: chosen ? { id: chosen.id } : {} }),
    ...(mac !== undefined && { mac: { address: mac } }),
    ...(flags.interface !== undefined && { interface: flags.interface }),
    ...(linked !== undefined && { linked }),
    ...(unplugged && { plugged: 'false' }),
  }
}
