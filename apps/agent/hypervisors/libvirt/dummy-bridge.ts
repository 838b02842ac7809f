// VDSM's bridge for NICs that are not connected to anything: libvirt makes no tap without one. There always, as on a
// host of VDSM, because nobody knows when the next such NIC arrives.
import { readInterface, unconnected } from '@patchbay/vif-driver/interface-xml.ts'
import { ipBatch, linkExists } from '@patchbay/vif-driver/iproute.ts'

/** Makes it for these interfaces, unless none needs it or it is there. */
export async function provideDummyBridge(interfaces: readonly string[]): Promise<void> {
  if (!interfaces.some((xml) => readInterface(xml).sourceBridge === unconnected) || linkExists(unconnected)) return
  try {
    await ipBatch([`link add ${unconnected} type bridge`, `link set ${unconnected} up`])
  } catch (error) {
    // Two guests may need it at the same time.
    if (!linkExists(unconnected)) throw error
  }
}
