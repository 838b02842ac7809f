// The kinds of values an attribute can have: how each is read from a request, and its JSON Schema.
// Texts and conversions are Neutron's: numbers and booleans may come as strings, the rest must have its type.
import { badRequest, invalidInput, type NetworkingError } from '../errors.ts'
import { formatAddress, parseAddress, parseCidr } from '../ip.ts'

export interface Kind<Value> {
  /** The value as the provider keeps it. Throws a NetworkingError that names the attribute. */
  readonly parse: (input: unknown, attribute: string) => Value
  readonly schema: object
}

/** `maxLength` counts characters, as Neutron and JSON Schema do, not UTF-16 units. */
export function text(maxLength = 255): Kind<string> {
  return {
    schema: { type: 'string', maxLength },
    parse(input, attribute) {
      if (typeof input !== 'string' || !isStorable(input))
        throw invalid(attribute, `'${show(input)}' is not a valid string`)
      if (input.length > maxLength && [...input].length > maxLength)
        throw invalid(attribute, `'${show(input)}' exceeds maximum length of ${maxLength}`)
      return input
    },
  }
}

/** No database has them all: NUL, and halves of surrogate pairs, which are no Unicode (OVSDB refuses both). */
const isStorable = (text: string) => text.isWellFormed() && !text.includes('\0')

const uuidPattern = /^[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}$/i

export const uuid: Kind<string> = {
  schema: { type: 'string', format: 'uuid' },
  parse(input, attribute) {
    if (typeof input === 'string' && uuidPattern.test(input)) return input
    throw invalid(attribute, `'${show(input)}' is not a valid UUID`)
  },
}

const truthy = new Set<unknown>([true, 1, 'true', 'True', 'TRUE', '1'])
const falsy = new Set<unknown>([false, 0, 'false', 'False', 'FALSE', '0'])

export const bool: Kind<boolean> = {
  schema: { type: 'boolean' },
  parse(input) {
    if (truthy.has(input)) return true
    if (falsy.has(input)) return false
    throw invalidInput(`'${show(input)}' cannot be converted to boolean`)
  },
}

export function integer({ min, max }: { min: number; max: number }): Kind<number> {
  return {
    schema: { type: 'integer', minimum: min, maximum: max },
    parse(input, attribute) {
      const number = toInteger(input)
      if (number < min) throw invalid(attribute, `'${show(input)}' is too small - must be at least '${min}'`)
      if (number > max) throw invalid(attribute, `'${show(input)}' is too large - must be no larger than '${max}'`)
      return number
    },
  }
}

export function oneOf<const Value extends string | number>(values: readonly Value[]): Kind<Value> {
  const numeric = typeof values[0] === 'number'
  return {
    schema: { enum: values },
    parse(input, attribute) {
      const value = numeric ? toInteger(input) : input
      if (values.includes(value as Value)) return value as Value
      throw invalid(attribute, `${show(input)} is not in ${values.join(', ')}`)
    },
  }
}

const macPattern = /^[0-9a-f]{2}(?::[0-9a-f]{2}){5}$/

/** A unicast MAC address, in lower case with colons. */
export const mac: Kind<string> = {
  schema: { type: 'string', pattern: macPattern.source },
  parse(input, attribute) {
    const value = typeof input === 'string' ? input.toLowerCase().replaceAll('-', ':') : ''
    const usable = macPattern.test(value) && value !== '00:00:00:00:00:00' && !isMulticast(value)
    if (!usable) throw invalid(attribute, `'${show(input)}' is not a valid MAC address`)
    return value
  },
}

const isMulticast = (mac: string) => (Number.parseInt(mac.slice(0, 2), 16) & 1) === 1

/** An IPv4 or IPv6 address, in canonical form. */
export const ipAddress: Kind<string> = {
  schema: { type: 'string', format: 'ip' },
  parse(input, attribute) {
    const address = typeof input === 'string' ? parseAddress(input) : undefined
    if (!address) throw invalid(attribute, `'${show(input)}' is not a valid IP address`)
    return formatAddress(address)
  },
}

/** A network in CIDR form. Host bits must be zero, as in Neutron. */
export const cidr: Kind<string> = {
  schema: { type: 'string', format: 'cidr' },
  parse(input, attribute) {
    const network = typeof input === 'string' ? parseCidr(input) : undefined
    if (!network) throw invalidInput(`${show(input)} is not in a CIDR format`)
    const canonical = `${formatAddress({ version: network.version, number: network.first })}/${network.prefixLength}`
    if (canonical !== (input as string).toLowerCase())
      throw invalid(attribute, `'${input}' isn't a recognized IP subnet cidr, '${canonical}' is recommended`)
    return canonical
  },
}

export function nullable<Value>(kind: Kind<Value>): Kind<Value | null> {
  return {
    schema: { anyOf: [kind.schema, { type: 'null' }] },
    parse: (input, attribute) => (input === null ? null : kind.parse(input, attribute)),
  }
}

/**
 * A list. `null` is an empty one, because the real engine resets security groups that way. Where null would take
 * something away (addresses, pools), Neutron refuses it as no list: such lists have a `complaint`. `eachOnce`: what an item
 * is called that is there twice, which is refused.
 */
export function listOf<Value>(
  item: Kind<Value>,
  {
    maxItems = 1000,
    complaint,
    eachOnce,
  }: { maxItems?: number; complaint?: (shown: string) => string; eachOnce?: string } = {},
): Kind<Value[]> {
  return {
    schema: { type: 'array', items: item.schema, maxItems },
    parse(input, attribute) {
      if (input === null && !complaint) return []
      if (!Array.isArray(input))
        throw invalid(attribute, complaint ? complaint(show(input)) : `'${show(input)}' is not a list`)
      if (input.length > maxItems) throw invalid(attribute, `more than ${maxItems} items`)
      const items = input.map((each) => item.parse(each, attribute))
      const again = eachOnce && repeatedIn(items)
      if (again) throw invalid(attribute, `Duplicate ${eachOnce} '${show(again.item)}'`)
      return items
    },
  }
}

/** The first item that equals an earlier one, whatever the order of its keys. */
function repeatedIn<Value>(items: readonly Value[]): { readonly item: Value } | undefined {
  const known = new Set<string>()
  for (const item of items) {
    const key = JSON.stringify(isObject(item) ? Object.entries(item).sort() : item)
    if (known.has(key)) return { item }
    known.add(key)
  }
  return undefined
}

/** An object with the given keys, of which `required` must be there; anything else is refused with `complaint`. */
export function shape<Value extends object>(
  keys: { readonly [Key in keyof Value]-?: Kind<NonNullable<Value[Key]>> },
  required: readonly (keyof Value & string)[],
  complaint: (shown: string) => string,
): Kind<Value> {
  const kinds = keys as Record<string, Kind<unknown>>
  const properties = Object.fromEntries(Object.entries(kinds).map(([key, kind]) => [key, kind.schema]))
  return {
    schema: { type: 'object', properties, required, additionalProperties: false },
    parse(input, attribute) {
      const fits =
        isObject(input) &&
        Object.keys(input).every((key) => Object.hasOwn(kinds, key)) &&
        required.every((key) => key in input)
      if (!fits) throw invalid(attribute, complaint(show(input)))
      return Object.fromEntries(
        Object.entries(input).map(([key, value]) => [key, kinds[key]!.parse(value, attribute)]),
      ) as Value
    },
  }
}

/** A flat map of scalars: the real engine cannot read nested values (`binding:profile`, `binding:vif_details`). */
export const flatMap: Kind<Record<string, string | number | boolean | null>> = {
  schema: { type: 'object', additionalProperties: { type: ['string', 'number', 'boolean', 'null'] } },
  parse(input, attribute) {
    if (!isObject(input)) throw invalid(attribute, `'${show(input)}' is not a dictionary`)
    const nested = Object.entries(input).find(([, value]) => typeof value === 'object' && value !== null)
    if (nested) throw invalid(attribute, `the value of '${show(nested[0])}' is not a string, number or boolean`)
    const unstorable = Object.entries(input)
      .flat()
      .find((each) => typeof each === 'string' && !isStorable(each))
    if (unstorable !== undefined) throw invalid(attribute, `'${show(unstorable)}' is not a valid string`)
    return input as Record<string, string | number | boolean | null>
  },
}

export function invalid(attribute: string, reason: string): NetworkingError {
  return badRequest(`Invalid input for ${attribute}. Reason: ${reason}.`)
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function toInteger(input: unknown): number {
  const number = typeof input === 'string' && /^-?\d+$/.test(input) ? Number(input) : input
  if (typeof number === 'number' && Number.isSafeInteger(number)) return number
  throw invalidInput(`'${show(input)}' is not an integer`)
}

/** The input as it appears in an error text, cut so that a huge value does not come back whole. */
export function show(input: unknown): string {
  const shown = typeof input === 'string' ? input.toWellFormed() : input === null ? 'None' : asJson(input)
  return shown.length > 300 ? `${shown.slice(0, 300)}…` : shown
}

/** What is nested deeper than the stack is no value that anybody meant. */
function asJson(input: unknown): string {
  try {
    return JSON.stringify(input)
  } catch {
    return 'a deeply nested value'
  }
}
