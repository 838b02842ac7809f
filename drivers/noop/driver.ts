// The noop driver: connects nothing. For trying hosts without a data plane, and as the smallest example of a driver.
import type { CreateDriver } from '@patchbay/vif-driver/contract.ts'
import { editInterface, unconnected } from '@patchbay/vif-driver/interface-xml.ts'

const createDriver: CreateDriver = () => ({
  manifest: { name: 'noop', version: '0.1.0', apiVersion: '1.0', pluginTypes: ['NOOP'] },
  async plug_device(domxml, _properties, { phase }) {
    return phase === 'before' ? { domxml: editInterface(domxml, { sourceBridge: unconnected }) } : {}
  },
  async unplug_device() {},
})

export default createDriver
