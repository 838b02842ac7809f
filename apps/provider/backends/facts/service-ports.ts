// The ports that routers and floating IPs have on networks.
import { type Port, portOwners } from '@patchbay/networking-api/resources/ports.ts'

export const isServicePort = ({ device_owner: owner }: Pick<Port, 'device_owner'>): boolean => owners.has(owner)

const owners = new Set<string>(Object.values(portOwners))
