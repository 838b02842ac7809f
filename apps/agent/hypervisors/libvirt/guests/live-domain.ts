// What libvirt answers about a domain: its live XML and its counters.
import { childOf, childrenOf, parseXml, readInterface } from '@patchbay/vif-driver/interface-xml.ts'
import { type Element, XMLSerializer } from '@xmldom/xmldom'
import type { NicCounters } from '../../hypervisor.ts'

/** The `<interface>` elements of a domain, with target device and alias while it is active. */
export function interfacesOf(domainXml: string): string[] {
  return devicesOf(domainXml)
    .filter(({ localName }) => localName === 'interface')
    .map((element) => new XMLSerializer().serializeToString(element))
}

export const interfaceWith = (domainXml: string, mac: string): string | undefined =>
  interfacesOf(domainXml).find((xml) => readInterface(xml).mac === mac)

/** The element of the device that has this alias while the domain is active. */
export function deviceWith(domainXml: string, alias: string): string | undefined {
  const found = devicesOf(domainXml).find((device) => childOf(device, 'alias')?.getAttribute('name') === alias)
  return found && new XMLSerializer().serializeToString(found)
}

function devicesOf(domainXml: string): Element[] {
  const devices = childOf(parseXml(domainXml).documentElement!, 'devices')
  return devices ? childrenOf(devices) : []
}

/**
 * `domstats --interface`, as `net.0.rx.bytes=42` and the like. As for the guest, rx is what it received: libvirt swaps
 * what the tap counts. It names no MACs, hence the domain.
 */
export function countersOf(stats: string, domainXml: string): NicCounters[] {
  const values = new Map(stats.split('\n').map((line) => line.trim().split('=') as [string, string]))
  const macs = new Map(interfacesOf(domainXml).map((xml) => [readInterface(xml).targetDev, readInterface(xml).mac]))
  const count = Number(values.get('net.count') ?? 0)
  return Array.from({ length: count }, (_, index) => index).flatMap((index) => {
    const name = values.get(`net.${index}.name`) ?? ''
    const mac = macs.get(name)
    const value = (counter: string) => BigInt(values.get(`net.${index}.${counter}`) ?? 0)
    if (mac === undefined) return []
    return {
      name,
      mac,
      rx: value('rx.bytes'),
      tx: value('tx.bytes'),
      rxErrors: value('rx.errs'),
      txErrors: value('tx.errs'),
      rxDropped: value('rx.drop'),
      txDropped: value('tx.drop'),
    }
  })
}
