// The names of things: which are allowed, and that they are free.
import { Fault } from '../faults.ts'
import type { Entity, Table } from '../store/table.ts'

export function checkedName(
  name: string | undefined,
  what: string,
  { max = 255, pattern = /^[\w.-]+$/, characters = 'letters, digits, "_", "-" and "."' } = {},
): string {
  if (name === undefined || name === '')
    throw new Fault('INCOMPLETE_PARAMETERS', { what: `${what} [name]`, action: 'add' })
  if (name.length > max || !pattern.test(name))
    throw new Fault('VALIDATION_NAME_INVALID', { name: name.slice(0, 100), max, characters })
  return name
}

export async function refuseUsedName<Row extends Entity & { readonly name: string }>(
  table: Table<Row>,
  name: string,
  action: string,
): Promise<void> {
  const [other] = await table.find({ name } as Partial<Row>)
  if (other) throw new Fault('ACTION_TYPE_FAILED_NAME_ALREADY_USED', { action, name })
}

/** The row that a reference by id or name means. */
export async function referenced<Row extends Entity & { readonly name: string }>(
  table: Table<Row>,
  what: string,
  reference: { readonly id?: string; readonly name?: string } | undefined,
): Promise<Row> {
  const { id, name } = (reference ?? {}) as { id?: string; name?: string }
  if (id === undefined && name === undefined)
    throw new Fault('INCOMPLETE_PARAMETERS', { what: `${what} [id|name]`, action: 'the request' })
  if (id !== undefined) return existing(table, what, id)
  const [row, ...others] = await table.find({ name } as Partial<Row>)
  if (!row) throw new Fault('NOT_FOUND', { what, id: name! })
  if (others.length > 0) throw new Fault('AMBIGUOUS_NAME', { what, name: name! })
  return row
}

export async function existing<Row extends Entity>(table: Table<Row>, what: string, id: string): Promise<Row> {
  const row = await table.get(id)
  if (!row) throw new Fault('NOT_FOUND', { what, id })
  return row
}

/** Names that become XML elements and the environment of hook scripts, where some are taken. */
export function checkedProperties(
  properties: readonly { readonly name?: string; readonly value?: string }[] | undefined,
  action: string,
): Record<string, string> {
  for (const { name = '', value = '' } of properties ?? []) {
    if (!/^[A-Za-z_][\w.-]*$/.test(name) || reserved.has(name)) throw new Fault('RESERVED_PROPERTY', { action, name })
    checkedText(value, `The custom property "${name}"`)
  }
  return Object.fromEntries((properties ?? []).map(({ name, value }) => [name!, value ?? '']))
}

/** Texts that become XML, which has no way to say most control characters. */
export function checkedText(text: string, what: string, max = 4000): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  if (text.length > max || /[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/.test(text) || !text.isWellFormed())
    throw new Fault('INVALID_VALUE', {
      reason: `${what} must be a text of at most ${max} characters, without control characters.`,
    })
  return text
}

/** What is said of a thing besides its name. */
export const checkedTexts = ({ description, comment }: { description: string; comment: string }) => ({
  description: checkedText(description, 'The description'),
  comment: checkedText(comment, 'The comment'),
})

const reserved = new Set([
  'vnic_id',
  'provider_type',
  'plugin_type',
  'security_groups',
  'vmId',
  'PYTHONPATH',
  '_hook_domxml',
  '_hook_json',
  'PATH',
])
