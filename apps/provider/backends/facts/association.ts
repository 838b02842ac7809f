// What a floating IP stands for.
import type { FloatingIp } from '@patchbay/networking-api/resources/floating-ips.ts'

export type Association = Pick<FloatingIp, 'port_id' | 'fixed_ip_address' | 'router_id' | 'status'>

export const noAssociation: Association = { port_id: null, fixed_ip_address: null, router_id: null, status: 'DOWN' }
