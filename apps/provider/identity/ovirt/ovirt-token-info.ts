// What an oVirt engine's SSO says about a token, as we understand it.
import { isObject } from '@patchbay/networking-api/resources/kinds.ts'
import type { OvirtUser } from './ovirt-rules.ts'

export interface OvirtTokenInfo extends OvirtUser {
  /** ms since 1970; Infinity: the engine does not say. */
  readonly expiresAt: number
}

/** The body of an answer of `token-info`; undefined when it is none, 'inactive' when the token has ended. */
export function readTokenInfo(body: unknown): OvirtTokenInfo | 'inactive' | undefined {
  if (!isObject(body) || typeof body.active !== 'boolean') return undefined
  if (!body.active) return 'inactive'
  if (typeof body.user_id !== 'string' || body.user_id === '') return undefined
  const ovirt = withoutType(body.ovirt)
  const groups = withoutType(isObject(ovirt) ? ovirt.group_ids : undefined)
  return {
    name: body.user_id,
    groups: Array.isArray(groups) ? groups.map(withoutType).flatMap(nameOfGroup) : [],
    expiresAt: expiryOf(body.exp),
  }
}

/** In ms, as a number or a text. A user without a term has the largest 32-bit number there, which would be long ago. */
function expiryOf(exp: unknown): number {
  const ms = Number(exp ?? noTerm)
  return ms === noTerm || Number.isNaN(ms) ? Number.POSITIVE_INFINITY : ms
}

const noTerm = 2_147_483_647

/** The engine's JSON library writes objects and lists as `[Java type, value]`. */
function withoutType(value: unknown): unknown {
  const isTyped =
    Array.isArray(value) && value.length === 2 && typeof value[0] === 'string' && /^[\w.$]+\./.test(value[0])
  return isTyped ? value[1] : value
}

/** Attributes of a group have the key `NAME;Java type;UUID`. */
function nameOfGroup(group: unknown): string[] {
  if (!isObject(group)) return []
  return Object.entries(group).flatMap(([key, value]) =>
    key.startsWith('AAA_AUTHZ_GROUP_NAME;') && typeof value === 'string' ? [value] : [],
  )
}
