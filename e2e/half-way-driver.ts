// A VIF driver that fails half-way: it has made something on the host by then, which it takes away when it is told to.
import { run } from '@patchbay/vif-driver/command.ts'
import type { CreateDriver } from '@patchbay/vif-driver/contract.ts'
import { editInterface, unconnected } from '@patchbay/vif-driver/interface-xml.ts'
import { linkExists } from '@patchbay/vif-driver/iproute.ts'

const link = 'halfway0'

const createDriver: CreateDriver = () => ({
  manifest: { name: 'half-way', version: '0.1.0', apiVersion: '1.0', pluginTypes: ['HALF_WAY'] },
  async plug_device(domxml, _properties, { phase }) {
    if (phase === 'after') throw new Error('the controller is away')
    await run(['ip', 'link', 'add', link, 'type', 'bridge'])
    return { domxml: editInterface(domxml, { sourceBridge: unconnected }) }
  },
  async unplug_device(_domxml, _properties, { phase }) {
    if (phase === 'after' && linkExists(link)) await run(['ip', 'link', 'del', link])
  },
})

export default createDriver
