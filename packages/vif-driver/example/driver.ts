// Joins NICs to a bridge that the host has already.
import type { CreateDriver } from '@patchbay/vif-driver/contract.ts'
import { DriverError } from '@patchbay/vif-driver/driver-error.ts'
import { editInterface } from '@patchbay/vif-driver/interface-xml.ts'
import { ipBatch, linkExists } from '@patchbay/vif-driver/iproute.ts'
import { untilForwarding } from '@patchbay/vif-driver/wiring.ts'
import { withDriverErrors } from '@patchbay/vif-driver/with-driver-errors.ts'

const createDriver: CreateDriver = (options) => {
  const { bridge } = options as { bridge?: unknown }
  if (typeof bridge !== 'string') throw new Error('driver host-bridge: bridge must be given')
  return withDriverErrors({
    manifest: { name: 'host-bridge', version: '1.0.0', apiVersion: '1.0', pluginTypes: ['HOST_BRIDGE'] },
    async plug_device(domxml, { vnic_id }, { phase, signal }) {
      const tap = `tap${vnic_id.slice(0, 11)}`
      if (phase === 'before') {
        if (!linkExists(bridge)) throw new DriverError('host-setup', `this host has no bridge ${bridge}: create it`)
        return { domxml: editInterface(domxml, { sourceBridge: bridge, targetDev: tap }) }
      }
      await ipBatch([`link set ${tap} master ${bridge} up`])
      await untilForwarding(tap, signal)
      return {}
    },
    async unplug_device() {},
  })
}

export default createDriver
