// What a driver answered, checked before the agent builds on it: what is written down must be readable ever after.
import type { Capabilities, DeviceReply, DriverState } from '@patchbay/vif-driver/contract.ts'
import { editInterface, readInterface } from '@patchbay/vif-driver/interface-xml.ts'

const maxStateBytes = 65_536

/** The reply to a verb for a NIC. Throws a plain Error that says what is wrong with it. */
export function checkedReply(reply: unknown, mac: string): DeviceReply {
  if (reply === undefined || reply === null) return {}
  if (!isObject(reply)) throw new Error('it answered with something that is no object')
  const { domxml, state } = reply
  return {
    ...(domxml !== undefined && { domxml: checkedInterface(domxml, mac) }),
    ...(state !== undefined && { state: checkedState(state) }),
  }
}

/** Capabilities or stats, as they will be on the wire. */
export function checkedReport(report: unknown): Capabilities {
  if (!isObject(report)) throw new Error('it answered with something that is no object')
  return JSON.parse(JSON.stringify(report)) as Capabilities
}

/** The element alone, of what a driver or a hook script made of it. It must still be that NIC. */
export function checkedInterface(xml: unknown, mac: string): string {
  if (typeof xml !== 'string') throw new Error('domxml is no text')
  const facts = readInterface(xml)
  if ((facts.mac ?? '') !== mac) throw new Error(`the MAC address of the <interface> is ${facts.mac}, not ${mac}`)
  return editInterface(xml, {})
}

function checkedState(state: unknown): DriverState {
  if (!isObject(state)) throw new Error('state is no object')
  const text = JSON.stringify(state)
  if (Buffer.byteLength(text) > maxStateBytes) throw new Error(`state is longer than ${maxStateBytes} bytes of JSON`)
  return JSON.parse(text) as DriverState
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
