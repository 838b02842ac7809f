// The filter that oVirt has for vNICs on bridges of the host: a guest sends with its own address only. VDSM's set-up defines
// it; where nobody did, the agent does. It stands on filters that come with libvirt (Debian: libvirt-daemon-config-nwfilter).
import { type Virsh, xmlFile } from './virsh/virsh.ts'

const name = 'vdsm-no-mac-spoofing'

const definition = [
  `<filter name="${name}" chain="root">`,
  ...['no-mac-spoofing', 'no-arp-mac-spoofing'].map((filter) => `<filterref filter="${filter}"/>`),
  '</filter>',
].join('')

/** Makes it for these interfaces, unless none refers to it or libvirt has it. */
export async function provideNetworkFilter(virsh: Virsh, interfaces: readonly string[]): Promise<void> {
  const isWanted = interfaces.some((xml) => new RegExp(`<filterref\\s[^>]*filter=["']${name}["']`).test(xml))
  if (!isWanted || (await isThere(virsh))) return
  try {
    await virsh.call(['nwfilter-define', xmlFile], { xml: definition })
  } catch (error) {
    // Two guests may need it at the same time.
    if (!(await isThere(virsh))) throw error
  }
}

const isThere = async (virsh: Virsh) => (await virsh.call(['nwfilter-list'])).includes(` ${name}`)
