import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { after, test } from 'node:test'
import { readDevices } from './host-devices.ts'

const sys = mkdtempSync(join(tmpdir(), 'patchbay-sys-'))
after(() => rmSync(sys, { recursive: true }))

/** A device of the kernel's tree, listed in a folder of its bus or class. */
function device(list: string, path: string, files: Readonly<Record<string, string | Buffer>>): void {
  const [dir, listDir] = [join(sys, 'devices', path), join(sys, list)]
  for (const each of [dir, listDir]) mkdirSync(each, { recursive: true })
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(join(dir, name, '..'), { recursive: true })
    writeFileSync(join(dir, name), content)
  }
  symlinkSync(dir, join(listDir, basename(path)))
}

function link(path: string, name: string, target: string): void {
  mkdirSync(join(sys, target), { recursive: true })
  symlinkSync(join(sys, target), join(sys, 'devices', path, name))
}

const endpoint = Buffer.alloc(64)
const bridge = Buffer.alloc(64)
bridge[14] = 0x81

device('bus/pci/devices', 'pci0000:00/0000:00:1c.0', { config: bridge, vendor: '0x8086\n', device: '0xa110\n' })
device('bus/pci/devices', 'pci0000:00/0000:00:1c.0/0000:0a:00.1', {
  config: endpoint,
  vendor: '0x8086\n',
  device: '0x1521\n',
  numa_node: '1\n',
  sriov_totalvfs: '7\n',
})
link('pci0000:00/0000:00:1c.0/0000:0a:00.1', 'iommu_group', 'kernel/iommu_groups/14')
link('pci0000:00/0000:00:1c.0/0000:0a:00.1', 'driver', 'bus/pci/drivers/igb')
device('bus/pci/devices', 'pci0000:00/0000:00:1c.0/0000:0a:10.1', { config: endpoint, numa_node: '-1\n' })
link('pci0000:00/0000:00:1c.0/0000:0a:10.1', 'physfn', 'devices/pci0000:00/0000:00:1c.0/0000:0a:00.1')
const nic = 'pci0000:00/0000:00:1c.0/0000:0a:00.1/net/enp10s0f1'
device('class/net', nic, { address: '52:54:00:00:00:01\n' })
link(nic, 'device', 'devices/pci0000:00/0000:00:1c.0/0000:0a:00.1')
device('class/net', 'virtual/net/lo', { address: '00:00:00:00:00:00\n' })
device('bus/usb/devices', 'pci0000:00/usb1', { busnum: '1\n', devnum: '1\n', idVendor: '1d6b\n', idProduct: '0002\n' })
device('bus/usb/devices', 'pci0000:00/usb1/1-2.1', { busnum: '1\n', devnum: '5\n', product: 'Stick\n' })
device('bus/usb/devices', 'pci0000:00/usb1/1-2.1/1-2.1:1.0', { bInterfaceClass: '08\n' })
device('bus/scsi/devices', 'virtual/host2/2:0:0:1', { vendor: 'ATA     \n', model: 'DISK\n', 'block/sdb/x': '' })
device('bus/scsi/devices', 'virtual/host2', {})

test('devices have the names and parameters of libvirt and VDSM, in their tree', () => {
  assert.deepEqual(readDevices(sys), {
    computer: { params: { capability: 'system', is_assignable: 'true' } },
    pci_0000_00_1c_0: {
      params: {
        capability: 'pci',
        is_assignable: 'false',
        address: { domain: '0', bus: '0', slot: '28', function: '0' },
        vendor_id: '0x8086',
        product_id: '0xa110',
        parent: 'computer',
      },
    },
    pci_0000_0a_00_1: {
      params: {
        capability: 'pci',
        is_assignable: 'true',
        address: { domain: '0', bus: '10', slot: '0', function: '1' },
        vendor_id: '0x8086',
        product_id: '0x1521',
        driver: 'igb',
        iommu_group: '14',
        numa_node: '1',
        totalvfs: 7,
        parent: 'pci_0000_00_1c_0',
      },
    },
    pci_0000_0a_10_1: {
      params: {
        capability: 'pci',
        is_assignable: 'true',
        address: { domain: '0', bus: '10', slot: '16', function: '1' },
        physfn: 'pci_0000_0a_00_1',
        parent: 'pci_0000_00_1c_0',
      },
    },
    usb_usb1: {
      params: {
        capability: 'usb_device',
        is_assignable: 'true',
        address: { bus: '1', device: '1' },
        vendor_id: '0x1d6b',
        product_id: '0x0002',
        parent: 'computer',
      },
    },
    usb_1_2_1: {
      params: {
        capability: 'usb_device',
        is_assignable: 'true',
        address: { bus: '1', device: '5' },
        product: 'Stick',
        parent: 'usb_usb1',
      },
    },
    scsi_2_0_0_1: {
      params: {
        capability: 'scsi',
        is_assignable: 'true',
        address: { host: '2', bus: '0', target: '0', lun: '1' },
        vendor: 'ATA',
        product: 'DISK',
        block_path: '/dev/sdb',
        parent: 'computer',
      },
    },
    net_enp10s0f1_52_54_00_00_00_01: {
      params: {
        capability: 'net',
        is_assignable: 'true',
        interface: 'enp10s0f1',
        parent: 'pci_0000_0a_00_1',
      },
    },
  })
})

test('a host without a bus has no devices of it', () => {
  assert.deepEqual(Object.keys(readDevices(join(sys, 'kernel'))), ['computer'])
})
