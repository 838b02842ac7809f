// Whether a resource's value is one that a filter asks for.
import { isObject } from '../resources/kinds.ts'

/** `wanted`: the values that a request gave for one attribute; one of them must fit. */
export function createMatcher(wanted: readonly string[]): (value: unknown) => boolean {
  const fitsObject = createObjectMatcher(wanted)
  return (value) => {
    if (isObject(value)) return fitsObject(value)
    if (!Array.isArray(value)) return wanted.includes(String(value ?? ''))
    return value.some((item) => (isObject(item) ? fitsObject(item) : wanted.includes(item)))
  }
}

/**
 * `fixed_ips=subnet_id=X&fixed_ips=ip_address=Y` asks for an object with both, values of the same key for one of them.
 * `ip_address_substr=10.1.` is Neutron's way to ask for a part of an address.
 */
function createObjectMatcher(wanted: readonly string[]): (object: Record<string, unknown>) => boolean {
  const values = new Map<string, string[]>()
  for (const want of wanted) {
    const [key, value] = split(want)
    values.set(key, [...(values.get(key) ?? []), value])
  }
  return (object) =>
    [...values].every(([key, allowed]) =>
      key === 'ip_address_substr'
        ? allowed.some((part) => String(object.ip_address ?? '').includes(part))
        : allowed.includes(String(object[key])),
    )
}

function split(text: string): [key: string, value: string] {
  const at = text.indexOf('=')
  return at === -1 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)]
}
