import assert from 'node:assert/strict'
import { test } from 'node:test'
import { nodesOf, placeOf, type Topology } from './topology-nodes.ts'

type Node = NonNullable<Topology['nodes']>[number]
const nodeOf = (node: Node) => nodesOf({ id: 'topology', href: '', nodes: [node] })[0]!
const told = (node: Node) => [nodeOf(node).name, nodeOf(node).words]

test('a thing has its name, a group its count, and both what is to be known first', () => {
  const host = { kind: 'host', object: 'h', name: 'a', nics: 4, broken: 4 } as const
  assert.deepEqual(told({ ...host, status: 'broken', state: 'non_responsive' }), ['a', 'non responsive'])
  assert.deepEqual(told({ ...host, status: 'up', state: 'up' }), ['a', '4 broken'])
  assert.deepEqual(told({ kind: 'network', object: 'n', name: 'blue', nics: 1, broken: 0 }), ['blue', '1 vNIC'])
  assert.deepEqual(told({ kind: 'nic', members: 1200, nics: 1200 }), ['1,200 vNICs', ''])
  assert.deepEqual(told({ kind: 'vm', members: 1, nics: 2 }), ['1 VM', '2 vNICs'])
  assert.deepEqual(told({ kind: 'host', members: 70, name: 'east', nics: 9, broken: 2 }), [
    '70 more hosts of east',
    '2 broken',
  ])
})

test('a thing leads to its page, a vNIC and its port to what is wrong with them, a group nowhere', () => {
  const to = (node: Node) => placeOf(nodeOf(node))?.to
  assert.equal(to({ kind: 'vm', object: 'v' }), '/vms/$id')
  assert.equal(to({ kind: 'host', object: 'h' }), '/hosts/$id')
  assert.equal(to({ kind: 'port', object: 'n', vm: 'v' }), '/vms/$vm/nics/$nic/diagnosis')
  assert.equal(to({ kind: 'vm', members: 3 }), undefined)
})
