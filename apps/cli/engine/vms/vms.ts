// `patchbay vm …`: VMs of an engine.
import type { Command } from 'commander'
import { editVerb, textsIn, withTexts } from '../session/edit-verb.ts'
import { named, namesIn } from '../session/named.ts'
import type { Column } from '../session/output.ts'
import { withProgress } from '../session/progress.ts'
import { propertiesOf } from '../session/property.ts'
import type { EngineSession } from '../session/session.ts'
import { engineVerb, type Flags, nounOf } from '../session/verb.ts'

export const vmNamed = (session: EngineSession, name: string) => named(session, '/vms', 'VM', name)

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
      memory: bytesOf(flags.memory),
    }
    return { done: `VM ${name} was added`, item: await session.ask('POST', '/vms', request) }
  })
    .requiredOption('--cluster <name>', 'whose hosts run it')
    .option('--memory <MiB>', 'of memory')
  const editing = editVerb(noun, 'edit <vm>', {
    what: 'VM',
    path: async (session, [name]) => `/vms/${(await vmNamed(session, name!)).id}`,
    request({ memory, property, ...flags }) {
      const properties = propertiesOf(property)
      return {
        ...textsIn(flags),
        memory: bytesOf(memory),
        custom_properties: properties && { custom_property: properties },
      }
    },
  })
  withTexts(editing)
    .option('--memory <MiB>', 'of memory; while it is down, as are properties')
    .option('--property <name=value...>', "for its host's hooks; in place of those that it has")
    .option('--no-property', 'and it has none')
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
}

const bytesOf = (mebibytes: string | undefined) =>
  mebibytes === undefined ? undefined : String(Number(mebibytes) * 1024 * 1024)

function action(noun: Command, verb: string, about: string, body: (flags: Flags) => object = () => ({})): Command {
  return engineVerb(noun, `${verb} <vm>`, about, async (session, [name], flags) => {
    const { id } = await vmNamed(session, name!)
    await withProgress(session, () => session.ask('POST', `/vms/${id}/${verb}`, body(flags)))
    const vm = await session.ask('GET', `/vms/${id}`)
    const host = vm.host ? ` on ${(await session.ask('GET', `/hosts/${vm.host.id}`)).name}` : ''
    return { done: `VM ${name} is ${vm.status}${host}`, item: vm }
  })
}
