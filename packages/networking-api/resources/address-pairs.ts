// Allowed address pairs: addresses besides its own that a port may send from. Rules and errors are Neutron's.
import { NetworkingError } from '../errors.ts'
import { formatAddress, formatCidr, parseAddress, parseCidr } from '../ip.ts'
import { invalid, ipAddress, isObject, type Kind, mac, show } from './kinds.ts'

export interface AddressPair {
  /** An address or a CIDR. */
  readonly ip_address: string
  /** Left out in a request: the port's own. */
  readonly mac_address?: string
}

const maxPerPort = 10

export const addressPairs: Kind<AddressPair[]> = {
  schema: {
    type: 'array',
    maxItems: maxPerPort,
    items: {
      type: 'object',
      properties: { ip_address: { type: 'string' }, mac_address: mac.schema },
      required: ['ip_address'],
      additionalProperties: false,
    },
  },
  parse(input, attribute) {
    if (input === null) return []
    if (!Array.isArray(input)) throw invalid(attribute, 'Allowed address pairs must be a list')
    if (input.length > maxPerPort) throw new NetworkingError('AllowedAddressPairExhausted', { quota: maxPerPort })
    const pairs = input.map((pair) => parsePair(pair, attribute))
    refuseDuplicates(pairs)
    return pairs
  },
}

function parsePair(input: unknown, attribute: string): AddressPair {
  if (!isObject(input)) throw invalid(attribute, `'${show(input)}' is not a dictionary`)
  const { ip_address, mac_address, ...unknown } = input
  if (ip_address === undefined) throw new NetworkingError('AllowedAddressPairsMissingIP')
  const [name] = Object.keys(unknown)
  if (name !== undefined) throw invalid(attribute, `Unrecognized attribute(s) '${show(name)}'`)
  return {
    ip_address: parseTarget(ip_address, attribute),
    ...(mac_address != null && { mac_address: mac.parse(mac_address, attribute) }),
  }
}

function parseTarget(input: unknown, attribute: string): string {
  if (typeof input !== 'string' || !input.includes('/')) return ipAddress.parse(input, attribute)
  const cidr = parseCidr(input)
  if (!cidr) throw invalid(attribute, `'${show(input)}' is not a valid IP subnet`)
  const { version, first } = cidr
  if (
    formatAddress({ version, number: parseAddress(input.split('/')[0]!)!.number }) ===
    formatAddress({ version, number: first })
  )
    return formatCidr(cidr)
  throw invalid(attribute, `'${show(input)}' isn't a recognized IP subnet cidr, '${formatCidr(cidr)}' is recommended`)
}

function refuseDuplicates(pairs: readonly AddressPair[]): void {
  const seen = new Set<string>()
  for (const { ip_address, mac_address = 'None' } of pairs) {
    const key = `${mac_address} ${ip_address}`
    if (seen.has(key))
      throw new NetworkingError('DuplicateAddressPairInRequest', { mac: mac_address, address: ip_address })
    seen.add(key)
  }
}
