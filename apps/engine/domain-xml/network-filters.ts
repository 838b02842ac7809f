// The network filters that oVirt knows: libvirt has them under these names, the first one where VDSM's set-up defined it.

export interface NetworkFilter {
  readonly id: string
  readonly name: string
  /** The version of clusters that brought it: major and minor. */
  readonly since: readonly [number, number]
}

/** What profiles of the engine's own networks get when nothing is said. */
export const defaultFilter: NetworkFilter = {
  id: 'd2370ab4-fee3-11e9-a310-8c1645ce738e',
  name: 'vdsm-no-mac-spoofing',
  since: [3, 2],
}

export const networkFilters: readonly NetworkFilter[] = [
  defaultFilter,
  { id: '8ab8ec73-47bb-5416-9e54-a80a2fe0dee7', name: 'allow-arp', since: [3, 6] },
  { id: '394ca4f9-c90e-58ef-a157-15ad7a55e20a', name: 'allow-dhcp', since: [3, 6] },
  { id: '0366b374-037d-5840-b0ad-8462fbdca2c6', name: 'allow-incoming-ipv4', since: [3, 6] },
  { id: 'da2c35b7-e41a-50e7-815e-a910dd1491ad', name: 'allow-ipv4', since: [3, 6] },
  { id: '285aac20-a1f0-51ae-8453-c2fe64d1ca39', name: 'clean-traffic', since: [3, 6] },
  { id: '10b1db4d-ba9f-5cb8-b5dc-ea2e23880b23', name: 'no-arp-ip-spoofing', since: [3, 6] },
  { id: 'a23983b5-5eff-5810-b236-d8efc610baf3', name: 'no-arp-mac-spoofing', since: [3, 6] },
  { id: 'a6b412b7-0482-5f2c-a679-ab049fcb816e', name: 'no-arp-spoofing', since: [3, 6] },
  { id: '8430dfaf-2f4b-5a34-8595-f88e0b0fd2a0', name: 'no-ip-multicast', since: [3, 6] },
  { id: 'd1cd413a-97aa-5c6b-a981-6344000b0d99', name: 'no-ip-spoofing', since: [3, 6] },
  { id: '1dcf318d-70cb-5825-9211-060f0bd54b5f', name: 'no-mac-broadcast', since: [3, 6] },
  { id: 'f182f440-b4dc-51c6-9635-b3ec4582893b', name: 'no-mac-spoofing', since: [3, 6] },
  { id: '57249d34-c4cc-577b-80fd-caf125608b0a', name: 'no-other-l2-traffic', since: [3, 6] },
  { id: 'c5a9f3a6-6e93-5665-a5de-7fc227bdd997', name: 'no-other-rarp-traffic', since: [3, 6] },
  { id: '3c16fc48-ba84-5384-9ef0-8cf454d80b28', name: 'qemu-announce-self', since: [3, 6] },
  { id: '9cb67a53-eb37-5027-96ae-27d1edfdd983', name: 'qemu-announce-self-rarp', since: [3, 6] },
]

export const networkFilterOf = (id: string): NetworkFilter | undefined =>
  networkFilters.find((filter) => filter.id === id)
