// `patchbay lab up|down|status`: the laboratory alone.
import { type Command, InvalidArgumentError } from 'commander'

export function registerLab(program: Command): void {
  const lab = program.command('lab').description('laboratories: hosts as namespaces on this machine')
  lab
    .command('up')
    .description('make a laboratory with provider, engine and an agent on each host; it stays until `lab down`')
    .option('--hosts <names>', 'names of the hosts, comma-separated', 'host-a,host-b')
    .action(async ({ hosts }: { hosts: string }) => {
      const { startConstellation } = await import('../../../lab/services/constellation.ts')
      const { lab, urls, user, password } = await startConstellation({ hosts: hosts.split(','), keep: true, tls: true })
      console.log(
        `laboratory ${lab.number}\n  engine    ${urls.engine} (${user}, password ${password})\n  provider  ${urls.provider}, tokens ${urls.identity}`,
      )
      for (const host of lab.hosts)
        console.log(`  ${host.name.padEnd(9)} ${host.address} (nsenter -t ${host.pid} -n -m -u)`)
      process.exit(0)
    })
  lab
    .command('down')
    .description('remove a laboratory, or all of them')
    .argument('[number]', 'which; left out: all', (text) => {
      if (!/^\d+$/.test(text)) throw new InvalidArgumentError('a laboratory has a number: see `patchbay lab status`')
      return Number(text)
    })
    .action(async (number: number | undefined) => {
      const [{ listLabs }, { removeLab }] = await Promise.all([
        import('../../../lab/labs.ts'),
        import('../../../lab/removal/lab-removal.ts'),
      ])
      const numbers = number === undefined ? (await listLabs()).map((each) => each.number) : [number]
      for (const each of numbers) {
        await removeLab(each)
        console.log(`laboratory ${each} is gone`)
      }
    })
  lab
    .command('status')
    .description('the laboratories on this machine')
    .action(async () => {
      const { listLabs } = await import('../../../lab/labs.ts')
      const labs = await listLabs()
      if (labs.length === 0) console.log('no laboratory on this machine')
      for (const { number, hosts, processes, createdAt } of labs) {
        console.log(`laboratory ${number}, since ${createdAt}, ${processes.length} processes`)
        for (const { name, address, pid } of hosts)
          console.log(`  ${name.padEnd(9)} ${address} ${pid ? `(nsenter -t ${pid} -n -m -u)` : 'down'}`)
      }
    })
}
