// What a route demands of whoever uses it: checks that all must pass, and which of its items are shown.
import type { ResourceOf } from '@patchbay/ovirt-api/element.ts'
import { reference } from '@patchbay/ovirt-api/element.ts'
import { readElements } from '@patchbay/ovirt-api/json.ts'
import type { ObjectKind } from '../../store/entities/access.ts'
import type { PermitName } from '../../store/entities/permits.ts'
import type { Tables } from '../../store/store.ts'
import { type AccessObject, type NamedKind, objectTables, on, system } from '../objects.ts'
import type { Rights } from '../rights.ts'
import { visibleRows } from '../visibility.ts'

/** A request, by somebody who may not do everything. */
export interface Asked {
  readonly rights: Rights
  readonly params: Readonly<Record<string, string>>
  /** Its tree: objects and texts. */
  readonly body: Readonly<Record<string, unknown>>
  readonly tables: Tables
}

export type Check = (asked: Asked) => Promise<boolean>

/** What a collection has, or whose: only what somebody may see of that is listed. */
export type Shown = NamedKind | 'user' | 'event' | 'job'

export interface Rule {
  readonly checks: readonly Check[]
  readonly shows?: Shown
}

/** Which things a request is about. undefined: it does not say (and will be refused for that). */
export type Target = (asked: Asked) => Promise<readonly AccessObject[] | undefined>

export const all = (...rules: Rule[]): Rule => ({
  ...Object.assign({}, ...rules),
  checks: rules.flatMap(({ checks }) => checks),
})

/** Whoever is logged in. */
export const anybody: Rule = { checks: [] }

/** Whoever administers anything, as for oVirt's queries of administrators. */
export const administrators: Rule = { checks: [async ({ rights }) => rights.seesEverything] }

export const lists = (shows: Shown): Rule => ({ checks: [], shows })

export const needs = (permit: PermitName, target: Target = onSystem): Rule => ({
  checks: [
    async (asked) => {
      const objects = await target(asked)
      // What is missing is the service's to complain about, to those who may do it somewhere.
      if (!objects) return asked.rights.mayAnywhere(permit)
      for (const object of objects) if (!(await asked.rights.may(permit, object))) return false
      return true
    },
  ],
})

/** The thing that the parameter of the path is the id of. */
export const sees = (kind: NamedKind, param = 'id'): Rule => ({
  checks: [({ rights, params, tables }) => mayView(tables, rights, on(kind, params[param] ?? ''))],
})

/** Only where the condition holds. */
export const when = (isSo: (asked: Asked) => boolean, rule: Rule): Rule => ({
  checks: rule.checks.map((check) => async (asked) => !isSo(asked) || check(asked)),
})

export const has =
  (...elements: string[]) =>
  ({ body }: Asked): boolean =>
    elements.some((element) => Object.hasOwn(body, element))

export async function mayView(tables: Tables, rights: Rights, { kind, id }: AccessObject): Promise<boolean> {
  if (rights.seesEverything || kind === 'system') return true
  const where = { every: [idIs(id), ...[visibleRows(kind, rights) ?? []].flat()] }
  const rows: readonly unknown[] = await tables[objectTables[kind][0]].select({ where, limit: 1 })
  return rows.length > 0
}

const idIs = (id: string) => ({ path: { hops: [], column: 'id' }, comparison: { operator: '=', value: id } }) as const

export const onSystem: Target = async () => [system]

export const onParam =
  (kind: ObjectKind, param = 'id'): Target =>
  async ({ params }) => [on(kind, params[param] ?? '')]

/** What an element of the body refers to, by id or by name. `otherwise`: the id of what is meant where it is absent. */
export const onGiven =
  (kind: NamedKind, element: string = kind, otherwise?: string): Target =>
  async ({ body, tables }) => {
    const id = await idIn(tables, kind, referenceIn(body, element))
    const meant = id ?? (Object.hasOwn(body, element) ? undefined : otherwise)
    return meant === undefined ? undefined : [on(kind, meant)]
  }

/** As the route itself reads it, or it could be misled. */
export const referenceIn = (body: Asked['body'], element: string): { id?: string; name?: string } | undefined =>
  (readElements({ [element]: reference }, body, 'request') as ResourceOf<never> & Record<string, object | undefined>)[
    element
  ]

async function idIn(
  tables: Tables,
  kind: NamedKind,
  given: { id?: string; name?: string } | undefined,
): Promise<string | undefined> {
  if (given?.id !== undefined || given?.name === undefined) return given?.id
  const rows: readonly { readonly id: string }[] = await tables[objectTables[kind][0]].find({ name: given.name })
  return rows[0]?.id
}
