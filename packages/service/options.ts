// The options of a service, declared once: each key is a flag, an environment variable and a key of the YAML file.
// Flags win over the environment, the environment over the file, the file over the default.
import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { parse as parseYaml } from 'yaml'

interface OptionBase {
  /** One line for --help. */
  readonly help: string
}
export type Option =
  | (OptionBase & { readonly type: 'text'; readonly default?: string })
  | (OptionBase & { readonly type: 'address'; readonly default?: string })
  | (OptionBase & { readonly type: 'integer'; readonly default?: number; readonly min?: number; readonly max?: number })
  | (OptionBase & { readonly type: 'switch' })
  | (OptionBase & { readonly type: 'choice'; readonly choices: readonly string[]; readonly default: string })
  /** Anything YAML can say; a flag or variable gives it as YAML or JSON text. */
  | (OptionBase & { readonly type: 'structure'; readonly default?: unknown })

export interface Address {
  readonly host: string
  readonly port: number
}

type Parsed<O extends Option> = O extends { type: 'address' }
  ? Address
  : O extends { type: 'integer' }
    ? number
    : O extends { type: 'switch' }
      ? boolean
      : O extends { type: 'structure' }
        ? unknown
        : string
export type Options = Readonly<Record<string, Option>>
export type OptionValues<Spec extends Options> = {
  readonly [Name in keyof Spec]: Spec[Name] extends { default: unknown } | { type: 'switch' }
    ? Parsed<Spec[Name]>
    : Parsed<Spec[Name]> | undefined
}

/** Every mistake of a configuration in one message. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError'
}

/** Reads the options of `service` as they are. Throws a ConfigurationError that lists all mistakes. */
export function readOptions<Spec extends Options>(
  service: string,
  spec: Spec,
  argv: readonly string[],
  env: Environment,
): OptionValues<Spec> {
  return configure(service, spec, (values) => values, argv, env)
}

type Environment = Readonly<Record<string, string | undefined>>

/**
 * Reads the options of `service` (`provider`: variables PATCHBAY_PROVIDER_…) from argv, environment and `--config FILE`
 * and makes a configuration of them. Throws a ConfigurationError that lists all mistakes: wrong values, and the
 * combinations that `toConfig` refuses.
 */
export function configure<Spec extends Options, Config>(
  service: string,
  spec: Spec,
  toConfig: (values: OptionValues<Spec>) => Config,
  argv: readonly string[],
  env: Environment,
): Config {
  const mistakes: string[] = []
  const values = collect(service, spec, argv, env, mistakes)
  try {
    const config = toConfig(values)
    if (mistakes.length === 0) return config
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error
    mistakes.push(error.message)
  }
  throw new ConfigurationError(mistakes.join('\n'))
}

/** Every value; a wrong one is a mistake and stands as its default. */
function collect<Spec extends Options>(
  service: string,
  spec: Spec,
  argv: readonly string[],
  env: Environment,
  mistakes: string[],
): OptionValues<Spec> {
  const flags = readFlags(spec, argv, mistakes)
  const file = readFile(flags.get('config') ?? env[variable(service, 'config')], spec, mistakes)
  const values: Record<string, unknown> = {}
  for (const [name, option] of Object.entries(spec)) {
    const sources: [string, unknown][] = [
      [`--${name}`, flags.get(name)],
      [variable(service, name), env[variable(service, name)]],
      [`${name} in the configuration file`, file[name]],
    ]
    const [where, given] = sources.find(([, value]) => value !== undefined) ?? ['', undefined]
    const parsed = given === undefined ? undefined : parseValue(option, where, given, mistakes)
    values[name] = parsed ?? fallback(option)
  }
  return values as OptionValues<Spec>
}

/** The lines of --help for these options. */
export function optionHelp(service: string, spec: Options): string {
  const rows = Object.entries(spec).map(([name, option]): [string, string] => {
    const preset =
      'default' in option && option.default !== undefined ? ` (default ${JSON.stringify(option.default)})` : ''
    return [`--${name}${placeholder(option)}`, option.help + preset]
  })
  rows.unshift(['--config FILE', 'YAML file with these keys'])
  const width = Math.max(...rows.map(([flag]) => flag.length))
  const lines = rows.map(([flag, help]) => `  ${flag.padEnd(width)}  ${help}`)
  return `${lines.join('\n')}\n\nEach option is also a variable: --listen is ${variable(service, 'listen')}.`
}

/** `127.0.0.1:9696`, `[::1]:9696` or `:9696` (all addresses). */
export function parseAddress(text: string): Address | undefined {
  const match = /^(?:\[([^\]]+)\]|([^:]*)):(\d{1,5})$/.exec(text)
  const port = Number(match?.[3])
  if (!match || port > 65_535) return undefined
  return { host: match[1] ?? (match[2] || '::'), port }
}

/** Token by token, so that one wrong flag does not hide the others. */
function readFlags(spec: Options, argv: readonly string[], mistakes: string[]): Map<string, string | true> {
  const types = new Map<string, string>(Object.entries(spec).map(([name, { type }]) => [name, type]))
  types.set('config', 'text')
  const options = Object.fromEntries(
    [...types].map(([name, type]) => [name, { type: type === 'switch' ? 'boolean' : 'string' } as const]),
  )
  const flags = new Map<string, string | true>()
  for (const token of parseArgs({ args: [...argv], options, strict: false, tokens: true }).tokens) {
    if (token.kind === 'positional') mistakes.push(`"${token.value}" is no option`)
    if (token.kind !== 'option') continue
    const { name, rawName, value } = token
    const type = types.get(name)
    if (type === undefined) mistakes.push(`${rawName} is no option`)
    else if (type === 'switch') flags.set(name, value ?? true)
    else if (value === undefined) mistakes.push(`${rawName} needs a value`)
    else flags.set(name, value)
  }
  return flags
}

function readFile(path: unknown, spec: Options, mistakes: string[]): Record<string, unknown> {
  if (typeof path !== 'string') return {}
  try {
    const content: unknown = parseYaml(readFileSync(path, 'utf8')) ?? {}
    if (typeof content !== 'object' || Array.isArray(content)) throw new Error('it is not a mapping of keys to values')
    const unknown = Object.keys(content as object).filter((key) => !Object.hasOwn(spec, key))
    if (unknown.length > 0)
      mistakes.push(`${path}: unknown keys ${unknown.join(', ')}; known: ${Object.keys(spec).join(', ')}`)
    return content as Record<string, unknown>
  } catch (error) {
    mistakes.push(`${path}: ${(error as Error).message}`)
    return {}
  }
}

function parseValue(option: Option, where: string, given: unknown, mistakes: string[]): unknown {
  const parsed = attempt(option, given)
  if (parsed === undefined) mistakes.push(`${where}: ${JSON.stringify(given)} is not ${expectation(option)}`)
  return parsed
}

function attempt(option: Option, given: unknown): unknown {
  switch (option.type) {
    case 'text':
      return typeof given === 'string' || typeof given === 'number' ? String(given) : undefined
    case 'address':
      return typeof given === 'string' ? parseAddress(given) : undefined
    case 'integer': {
      const number = typeof given === 'string' && given.trim() !== '' ? Number(given) : given
      const { min = 0, max = Number.MAX_SAFE_INTEGER } = option
      return Number.isInteger(number) && (number as number) >= min && (number as number) <= max ? number : undefined
    }
    case 'switch':
      return switchWords.get(String(given))
    case 'choice':
      return option.choices.find((choice) => choice === given)
    case 'structure':
      return typeof given === 'string' ? safeYaml(given) : given
  }
}

const switchWords = new Map([
  ['true', true],
  ['false', false],
  ['1', true],
  ['0', false],
])

function safeYaml(text: string): unknown {
  try {
    return parseYaml(text)
  } catch {
    return undefined
  }
}

function expectation(option: Option): string {
  switch (option.type) {
    case 'text':
      return 'a text'
    case 'address':
      return 'host:port'
    case 'integer':
      return `a whole number from ${option.min ?? 0}${option.max === undefined ? '' : ` to ${option.max}`}`
    case 'switch':
      return 'true or false'
    case 'choice':
      return `one of ${option.choices.join(', ')}`
    case 'structure':
      return 'valid YAML'
  }
}

function fallback(option: Option): unknown {
  if (option.type === 'switch') return false
  return option.type === 'address' && option.default !== undefined ? parseAddress(option.default) : option.default
}

function placeholder(option: Option): string {
  if (option.type === 'switch') return ''
  const words = { text: 'TEXT', address: 'HOST:PORT', integer: 'N', structure: 'YAML' }
  return ` ${option.type === 'choice' ? option.choices.join('|') : words[option.type]}`
}

const variable = (service: string, name: string) => `PATCHBAY_${service}_${name}`.toUpperCase().replaceAll('-', '_')
