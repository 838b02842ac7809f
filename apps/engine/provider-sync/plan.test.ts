// What a synchronization does in one data center, case by case.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { newNetwork } from '../services/networks/new-network.ts'
import type { Cluster } from '../store/entities/infrastructure.ts'
import { planSync, type Situation } from './plan.ts'

const cluster = (id: string, switchType = 'legacy') => ({ id, switchType }) as Cluster
const known = (externalId: string, change = {}) =>
  newNetwork({ id: `n-${externalId}`, name: externalId, dataCenterId: 'd', providerId: 'p', externalId, ...change })
const floor = newNetwork({ id: 'floor', name: 'floor', dataCenterId: 'd', vlanId: 5 })

function plan(change: Partial<Situation>): string[] {
  const nothing = { listed: [], known: [], ownNetworks: [floor], clusters: [cluster('c')], attached: new Set<string>() }
  return planSync({ ...nothing, ...change }).map((step) => {
    if (step.kind === 'import') return `import ${step.external.id} into ${step.clusterIds}`
    if (step.kind === 'attach') return `attach ${step.network.id} to ${step.clusterIds}`
    return `${step.kind} ${step.network.id}${step.kind === 'update' ? ` ${JSON.stringify(step.change)}` : ''}`
  })
}

const flat = { 'provider:network_type': 'flat', 'provider:physical_network': 'floor' } as const
const vlan = { ...flat, 'provider:network_type': 'vlan', 'provider:segmentation_id': 5 } as const

test('what is the same is left alone', () => {
  const attached = new Set(['n-a/c'])
  assert.deepEqual(plan({ listed: [{ id: 'a', name: 'a', mtu: 0 }], known: [known('a')], attached }), [])
  assert.deepEqual(plan({ listed: [{ id: 'a', name: 'a' }], known: [known('a')], attached }), [], 'no MTU is 0')
})

test('what is gone goes first, for its name may be that of something new', () => {
  assert.deepEqual(plan({ listed: [{ id: 'b', name: 'a' }], known: [known('a')] }), ['remove n-a', 'import b into c'])
})

test('what differs is changed, and what is missing in a cluster attached; nothing is detached', () => {
  const clusters = [cluster('c'), cluster('d')]
  const attached = new Set(['n-a/c', 'n-a/other'])
  const listed = [{ id: 'a', name: 'renamed', mtu: 1400 }]
  assert.deepEqual(plan({ listed, known: [known('a')], clusters, attached }), [
    'update n-a {"name":"renamed","mtu":1400}',
    'attach n-a to d',
  ])
})

test('what is on a physical network goes to clusters with Open vSwitch only, and is linked where it is known', () => {
  const clusters = [cluster('c'), cluster('o', 'ovs')]
  assert.deepEqual(plan({ listed: [{ id: 'v', ...vlan }], clusters }), ['import v into o'])
  assert.deepEqual(
    plan({ listed: [{ id: 'f', ...flat }], clusters }),
    ['import f into o'],
    'also where it is not known',
  )
  assert.deepEqual(plan({ listed: [{ id: 't', name: 't' }], clusters }), ['import t into c,o'])
  assert.deepEqual(plan({ listed: [{ id: 'v', ...vlan }] }), ['import v into '])
  const linked = (externalId: string) => known(externalId, { physicalNetworkId: 'floor' })
  assert.deepEqual(plan({ listed: [{ id: 'v', name: 'v', ...vlan }], known: [linked('v')] }), [])
  assert.deepEqual(plan({ listed: [{ id: 'f', name: 'f', ...flat }], known: [linked('f')] }), [
    'update n-f {"physicalNetworkId":""}',
  ])
})
