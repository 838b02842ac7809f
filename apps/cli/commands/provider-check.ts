// `patchbay provider check URL`: the conformance kit against any provider, with a report.
import { readFileSync, writeFileSync } from 'node:fs'
import type { CheckOptions } from '@patchbay/provider-conformance/check-provider.ts'
import { type GroupName, groupNames } from '@patchbay/provider-conformance/conformance-case.ts'
import type { Report } from '@patchbay/provider-conformance/report.ts'
import { type Command, InvalidArgumentError, Option } from 'commander'

interface Flags {
  readonly authUrl?: string
  readonly user?: string
  readonly username?: string
  readonly passwordFile?: string
  readonly tenant?: string
  readonly domain: string
  readonly ca?: string
  readonly timeout: number
  readonly readOnly?: boolean
  readonly group?: GroupName[]
  readonly networkType?: string
  readonly physicalNetwork?: string
  readonly vlanId: number
  readonly format: 'text' | 'json' | 'junit'
  readonly output?: string
  readonly list?: boolean
}

/** The command line or a file named there is wrong, or the provider cannot be reached. */
const exitUnusable = 2
const exitInterrupted = 130

export function registerProviderCheck(program: Command): void {
  const provider = program.commands.find((command) => command.name() === 'provider') ?? program.command('provider')
  const check = provider
    .command('check')
    .description('tell whether a provider works with a real oVirt engine: runs the conformance kit against it')
    .argument('[url]', 'of the provider, as it is entered in the engine: http://host:9696')
    .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : exitUnusable))
  addOptions(check)
  check.addHelpText('after', footnote).action((url: string | undefined, flags: Flags) => run(check, url, flags))
}

const footnote = `
Exit code: 0 everything required holds, 1 it does not, 2 the check could not be made, 130 interrupted.
Everything that the kit makes has a name with the run's id and is removed again, also after Ctrl-C.
More in docs/provider-conformance.md.`

function addOptions(check: Command): void {
  check
    .option('--auth-url <url>', 'Identity API up to its version, as in the engine: http://host:35357/v2.0 or …/v3')
    .option('--user <name>', 'who logs in there')
    .addOption(new Option('--username <name>', 'the same').hideHelp())
    .option('--password-file <file>', "file with that user's password")
    .option('--tenant <name>', 'tenant (v2.0) or project (v3)')
    .option('--domain <name>', "the user's and project's domain (v3)", 'Default')
    .option('--ca <file>', "PEM certificates to trust instead of the system's")
    .option('--timeout <seconds>', 'for each request; the engine gives up after 30', wholeNumber, 30)
    .option('--read-only', 'send no request that could change anything')
    .addOption(
      new Option('--group <name>', 'only this group; may be repeated')
        .choices(groupNames)
        .argParser((name: string, before: GroupName[] = []) => [...before, groupNamed(name)]),
    )
    .option('--network-type <type>', "provider:network_type of the kit's networks (default: the provider's choice)")
    .option('--physical-network <name>', 'a physical network that flat and VLAN networks may be made on')
    .option('--vlan-id <tag>', 'for the VLAN network', wholeNumber, 100)
    .addOption(new Option('--format <format>', 'of the report').choices(['text', 'json', 'junit']).default('text'))
    .option('--output <file>', 'write the report there instead of to the standard output')
    .option('--list', 'show the cases and run none')
}

async function run(check: Command, url: string | undefined, flags: Flags): Promise<void> {
  const { allGroups } = await import('@patchbay/provider-conformance/groups/all.ts')
  if (flags.list) {
    const { caseList } = await import('@patchbay/provider-conformance/reporters/list.ts')
    console.log(caseList(allGroups.filter(({ name }) => flags.group?.includes(name) ?? true)))
    return
  }
  const { checkProvider } = await import('@patchbay/provider-conformance/check-provider.ts')
  const { holds } = await import('@patchbay/provider-conformance/report.ts')
  const interruption = interruptible()
  const options = { ...toOptions(check, url, flags), signal: interruption }
  const report = await checkProvider(options).catch((error: Error) => refuse(check, error.message))
  write(flags.output, await format(report, flags.format))
  process.exitCode = interruption.aborted ? exitInterrupted : holds(report) ? 0 : 1
}

/** Lists every mistake of the command line at once. */
function toOptions(check: Command, url: string | undefined, flags: Flags): CheckOptions {
  const mistakes: string[] = []
  if (!/^https?:\/\/[^/]+/.test(url ?? '')) mistakes.push('the URL of the provider is missing: http://host:9696')
  const user = flags.user ?? flags.username
  const login = [flags.authUrl, user, flags.passwordFile]
  const complete = login.every((each) => each !== undefined)
  if (!complete && login.some((each) => each !== undefined))
    mistakes.push('--auth-url, --user and --password-file belong together')
  const password = fileText(flags.passwordFile, '--password-file', mistakes)?.replace(/\r?\n$/, '')
  const ca = fileText(flags.ca, '--ca', mistakes)
  if (mistakes.length > 0) refuse(check, mistakes.join('\nerror: '))
  const { authUrl = '', tenant, domain } = flags
  return {
    url: url!,
    credentials: complete ? { authUrl, username: user!, password: password!, tenant, domain } : undefined,
    ca,
    timeoutMs: flags.timeout * 1000,
    readOnly: flags.readOnly,
    groups: flags.group,
    networkType: flags.networkType,
    physicalNetwork: flags.physicalNetwork,
    vlanId: flags.vlanId,
  }
}

function fileText(path: string | undefined, flag: string, mistakes: string[]): string | undefined {
  if (path === undefined) return undefined
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    mistakes.push(`${flag}: ${(error as Error).message}`)
    return undefined
  }
}

/** The first signal ends the run in order, the second at once. */
function interruptible(): AbortSignal {
  const controller = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.on(signal, () => {
      if (controller.signal.aborted) process.exit(exitInterrupted)
      console.error('interrupted: removing what was made (once more ends at once and leaves it)')
      controller.abort()
    })
  return controller.signal
}

async function format(report: Report, form: Flags['format']): Promise<string> {
  const { allGroups } = await import('@patchbay/provider-conformance/groups/all.ts')
  if (form === 'json') return (await import('@patchbay/provider-conformance/reporters/json.ts')).jsonReport(report)
  if (form === 'junit')
    return (await import('@patchbay/provider-conformance/reporters/junit.ts')).junitReport(report, allGroups)
  return (await import('@patchbay/provider-conformance/reporters/text.ts')).textReport(report, allGroups)
}

function write(file: string | undefined, text: string): void {
  if (file === undefined) console.log(text)
  else writeFileSync(file, `${text}\n`)
}

function refuse(check: Command, message: string): never {
  return check.error(`error: ${message}`)
}

function groupNamed(name: string): GroupName {
  const group = groupNames.find((each) => each === name)
  if (group) return group
  throw new InvalidArgumentError(`Allowed choices are ${groupNames.join(', ')}.`)
}

function wholeNumber(text: string): number {
  const number = Number(text)
  if (/^\d+$/.test(text) && number > 0) return number
  throw new InvalidArgumentError('A whole number above 0 is needed.')
}
