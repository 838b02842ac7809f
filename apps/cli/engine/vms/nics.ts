// `patchbay nic …`: vNICs of VMs.
import type { Command } from 'commander'
import { editVerb } from '../session/edit-verb.ts'
import { named, namesIn } from '../session/named.ts'
import type { Column } from '../session/output.ts'
import { withProgress } from '../session/progress.ts'
import type { EngineSession, Item } from '../session/session.ts'
import { engineVerb, type Flags, nounOf } from '../session/verb.ts'
import { vmNamed } from './vms.ts'

export function registerNics(program: Command): void {
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
  editVerb(noun, 'edit <vm> <nic>', {
    what: 'vNIC',
    path: nicPath,
    request: async (flags, session) => ({ name: flags.name, ...(await requestOf(session, flags)) }),
  })
    .option('--name <name>', 'its new name')
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
