// VM.setTicket, and VM.updateDevice of a graphics device: the password of a VM's console. It is kept nowhere here.
import { vdsmError } from '@patchbay/vdsm-rpc/errors.ts'
import { findGraphics, type Ticket, withTicket } from '../../domain-xml/hardware.ts'
import { domainOf } from '../domain-of.ts'
import { runningVm } from '../running-vm.ts'
import type { VmParts } from '../vm-parts.ts'
import { machineOf } from './machine-of.ts'

export interface TicketRequest extends Ticket {
  /** vnc or spice; undefined: of the first console. */
  readonly graphicsType?: string | undefined
  /** The caller's, for hook scripts. */
  readonly params: Readonly<Record<string, string>>
}

/** Throws SpiceTicketError, whatever the console's type, and UpdateDeviceFailed where it has none of the type. */
export function setTicket(parts: VmParts, vmId: string, request: TicketRequest): Promise<void> {
  const { hooks, store, locks } = parts
  return locks.exclusive(vmId, async () => {
    const vm = runningVm(store, vmId)
    const machine = machineOf(parts)
    const context = { params: { ...request.params }, vm }
    const graphics = consoleOf(await machine.domain(vmId), request.graphicsType)
    await hooks.runXml('before_vm_set_ticket', domainOf(vm), context)
    await machine.update(vmId, withTicket(graphics, request)).catch((error) => {
      throw vdsmError('SpiceTicketError', error.message)
    })
    await hooks.runXml('after_vm_set_ticket', domainOf(vm), context)
  })
}

function consoleOf(domainXml: string, type: string | undefined): string {
  const graphics = findGraphics(domainXml, type)
  if (graphics) return graphics
  if (type === undefined) throw vdsmError('SpiceTicketError', 'no graphics devices configured')
  throw vdsmError('UpdateDeviceFailed', `the VM has no console of type ${type}`)
}
