import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { NodeKind } from '@patchbay/ovirt-api/types/topology.ts'
import { box, layoutOf } from './layout.ts'

const node = (key: string, kind: NodeKind) => ({ key, kind, name: key })
const link = (from: string, to: string) => ({ from, to })

const nodes = [
  ...[node('sdn', 'provider'), node('blue', 'network'), node('red', 'network')],
  ...[node('n1', 'nic'), node('n2', 'nic'), node('n3', 'nic'), node('h1', 'host'), node('h2', 'host')],
]
const links = [
  ...[link('sdn', 'blue'), link('sdn', 'red'), link('blue', 'n3'), link('red', 'n1'), link('blue', 'n2')],
  ...[link('n3', 'h2'), link('n1', 'h1'), link('n2', 'h2')],
]

const keysAt = (x: number, { places }: ReturnType<typeof layoutOf>) =>
  places.filter((place) => place.x === x).map(({ node: { key } }) => key)

test('each kind has a column, in the order of the path; a kind of nothing has none', () => {
  const { columns } = layoutOf(nodes, links)
  assert.deepEqual(
    columns.map(({ kind }) => kind),
    ['provider', 'network', 'nic', 'host'],
  )
  assert.ok(columns.every(({ x }, at) => at === 0 || x > columns[at - 1]!.x + box.width))
})

test('what is connected is beside each other: no link crosses where none must', () => {
  const layout = layoutOf(nodes, links)
  const [, networks, nics, hosts] = layout.columns.map(({ x }) => keysAt(x, layout))
  assert.deepEqual(
    [networks, nics, hosts],
    [
      ['blue', 'red'],
      ['n2', 'n3', 'n1'],
      ['h2', 'h1'],
    ],
  )
})

test('nothing overlaps and nothing is outside', () => {
  const many = Array.from({ length: 200 }, (_, at) => node(`n${at}`, at % 3 === 0 ? 'vm' : 'nic'))
  const { places, width, height } = layoutOf(many, [])
  assert.equal(places.length, 200)
  for (const { x, y } of places) assert.ok(x >= 0 && y >= 0 && x + box.width <= width && y + box.height <= height)
  for (const [at, { x, y }] of places.entries()) {
    const next = places[at + 1]
    assert.ok(!next || next.x > x || next.y >= y + box.height)
  }
})

test('of many, each is seen beside the first of its own; vNICs of one name are in the order of their VMs', () => {
  const vms = Array.from({ length: 100 }, (_, at) => node(`vm${at}`, 'vm'))
  const nics = vms.map(({ key }) => ({ ...node(`nic of ${key}`, 'nic'), name: 'eth0' }))
  const owned = nics.map(({ key }, at) => link(key, vms[at]!.key))
  const connected = nics.map(({ key }, at) => link(at < 50 ? 'blue' : 'red', key))
  const networks = [node('red', 'network'), node('blue', 'network')]
  const { places } = layoutOf([...networks, ...nics, ...vms], [...connected, ...owned])
  const yOf = (key: string) => places.find((place) => place.node.key === key)!.y
  const isNear = (key: string, other: string) => Math.abs(yOf(key) - yOf(other)) <= 4 * (box.height + 10)
  assert.ok(isNear('blue', 'nic of vm0') && isNear('red', 'nic of vm50'))
  for (const { key } of vms) assert.equal(yOf(key), yOf(`nic of ${key}`))
  const shown = places.filter((place) => place.node.kind === 'vm').map((place) => place.node.key)
  assert.deepEqual(
    shown,
    vms.map(({ key }) => key),
  )
})

test('a port is in the row of its vNIC, and what has none is reached through a free row', () => {
  const nics = ['n1', 'n2', 'n3'].map((key) => node(key, 'nic'))
  const ports = ['p1', 'p3'].map((key) => node(key, 'port'))
  const owned = [link('blue', 'p1'), link('p1', 'n1'), link('blue', 'n2'), link('blue', 'p3'), link('p3', 'n3')]
  const networks = ['blue', 'green', 'red', 'white', 'yellow'].map((key) => node(key, 'network'))
  const { places, lines } = layoutOf([...networks, ...ports, ...nics], owned)
  const yOf = (key: string) => places.find((place) => place.node.key === key)!.y
  assert.deepEqual([yOf('p1'), yOf('p3')], [yOf('n1'), yOf('n3')])
  const { path } = lines.find(({ link: { to } }) => to === 'n2')!
  assert.match(path, new RegExp(` ${yOf('n2') + box.height / 2}H`))
})

test('numbers in names count, the same facts give the same picture, links to nowhere are left out', () => {
  const layout = layoutOf([node('n10', 'nic'), node('n9', 'nic')], [link('n9', 'gone')])
  assert.deepEqual(keysAt(layout.columns[0]!.x, layout), ['n9', 'n10'])
  assert.deepEqual(layout.lines, [])
  assert.deepEqual(layoutOf(nodes, links), layoutOf(nodes.toReversed(), links))
  assert.deepEqual(layoutOf([], []).places, [])
})
