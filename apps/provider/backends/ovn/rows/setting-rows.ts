// What is kept besides resources: in the external_ids of NB_Global, which every OVN has one row of.
import type { Operation } from '@patchbay/ovsdb/wire/operations/operations.ts'
import { type GlobalRow, nb } from '../northbound.ts'

const prefix = 'patchbay_setting:'

/** Values before and after, as JSON; undefined for none. */
export interface SettingEffect {
  readonly before: string | undefined
  readonly after: string | undefined
}

export function settingOperations(
  effects: ReadonlyMap<string, SettingEffect>,
  global: GlobalRow | undefined,
): Operation[] {
  if (effects.size === 0) return []
  const gone = [...effects.keys()].map((key) => prefix + key)
  const come = Object.fromEntries(
    [...effects].flatMap(([key, { after }]) => (after === undefined ? [] : [[prefix + key, after]])),
  )
  if (!global) return [nb.absent('NB_Global', []), nb.insert('NB_Global', { external_ids: come })]
  return [
    nb.unchanged('NB_Global', global, ['external_ids']),
    nb.mutate(
      'NB_Global',
      [['_uuid', '==', global._uuid]],
      [
        ['external_ids', 'delete', gone],
        ['external_ids', 'insert', come],
      ],
    ),
  ]
}

/** Key → JSON. */
export function readSettings(row: GlobalRow | undefined): Map<string, string> {
  const own = Object.entries(row?.external_ids ?? {}).filter(([key, value]) => key.startsWith(prefix) && isJson(value))
  return new Map(own.map(([key, value]) => [key.slice(prefix.length), value]))
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
