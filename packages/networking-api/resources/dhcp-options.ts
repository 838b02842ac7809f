// Extra DHCP options: what a port's DHCP answers carry besides those of its subnets, as for booting from the network.
import { invalid, isObject, type Kind, listOf, oneOf, show } from './kinds.ts'

export interface DhcpOption {
  /** As dnsmasq calls it (`bootfile-name`), or a number. */
  readonly opt_name: string
  /** `null` in a request: not this option. */
  readonly opt_value: string | null
  readonly ip_version: 4 | 6
}

const maxNameLength = 64
const maxValueLength = 255
const ipVersion = oneOf([4, 6])

/** Options that may be sent empty, so that the subnet's are not sent. */
const maybeEmpty = new Set(['router', 'classless-static-route'])

const dhcpOption: Kind<DhcpOption> = {
  schema: {
    type: 'object',
    properties: {
      opt_name: { type: 'string', minLength: 1, maxLength: maxNameLength },
      opt_value: { type: ['string', 'null'], maxLength: maxValueLength },
      ip_version: ipVersion.schema,
    },
    required: ['opt_name', 'opt_value'],
    additionalProperties: false,
  },
  parse(input, attribute) {
    if (!isObject(input) || !('opt_name' in input) || !('opt_value' in input))
      throw invalid(attribute, `'${show(input)}' is no DHCP option with opt_name and opt_value`)
    const { opt_name, opt_value, ip_version = 4, ...unknown } = input
    const [key] = Object.keys(unknown)
    if (key !== undefined) throw invalid(attribute, `Unexpected keys supplied: ${show(key)}`)
    const name = line(opt_name, maxNameLength, false, attribute)
    return {
      opt_name: name,
      opt_value: opt_value === null ? null : line(opt_value, maxValueLength, maybeEmpty.has(name), attribute),
      ip_version: ipVersion.parse(ip_version, attribute),
    }
  },
}

/** One line: more would be further options in the DHCP server's configuration. */
function line(input: unknown, maxLength: number, mayBeEmpty: boolean, attribute: string): string {
  if (typeof input !== 'string') throw invalid(attribute, `'${show(input)}' is not a valid string`)
  if (input.length > maxLength) throw invalid(attribute, `'${show(input)}' exceeds maximum length of ${maxLength}`)
  if (/[\r\n]/.test(input)) throw invalid(attribute, `Multi-line string is not allowed: '${show(input)}'`)
  if (input.trim() === '' && !mayBeEmpty) throw invalid(attribute, `'${show(input)}' Blank strings are not permitted`)
  return input
}

export const dhcpOptions: Kind<DhcpOption[]> = listOf(dhcpOption, { maxItems: 100 })
