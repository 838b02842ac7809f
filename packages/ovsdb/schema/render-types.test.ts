import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { openVSwitch } from '../generated/open-vswitch.ts'
import { ovnNorthbound } from '../generated/ovn-northbound.ts'
import { ovnSouthbound } from '../generated/ovn-southbound.ts'
import { northboundSchema } from '../testing/ovsdb-server.ts'
import { missingIn } from './database-description.ts'
import { type DatabaseSchema, parseSchema } from './database-schema.ts'
import { renderTypes, typeNameOf } from './render-types.ts'

const generated = [
  { file: 'ovn-northbound.ts', description: ovnNorthbound, schema: northboundSchema },
  { file: 'ovn-southbound.ts', description: ovnSouthbound, schema: '/usr/share/ovn/ovn-sb.ovsschema' },
  { file: 'open-vswitch.ts', description: openVSwitch, schema: '/usr/share/openvswitch/vswitch.ovsschema' },
] as const

for (const { file, description, schema } of generated) {
  const { name, version } = description
  const installed = readInstalled(schema)
  const skip = installed?.version !== version && `${name} ${version} is not installed`

  test(`the generated types of ${name} are what its schema gives`, { skip }, () => {
    const text = readFileSync(new URL(`../generated/${file}`, import.meta.url), 'utf8')
    assert.equal(text, renderTypes(installed!, '../schema/database-description.ts'))
  })

  test(`the generated description of ${name} misses nothing in its schema`, { skip }, () => {
    assert.deepEqual(missingIn(installed!, description), [])
  })
}

test('each kind of column has its type', () => {
  const schema = parseSchema({
    name: 'Some_Base',
    version: '1.2.3',
    cksum: '1 2',
    tables: {
      Some_Base: {
        columns: {
          plain: { type: 'string' },
          count: { type: { key: 'integer', min: 0, max: 1 } },
          kind: { type: { key: { type: 'string', enum: ['set', ['a', "it's"]] }, min: 0, max: 'unlimited' } },
          names: { type: { key: 'integer', value: { type: 'uuid', refTable: 'Other', refType: 'weak' }, max: 5 } },
        },
      },
      Other: { columns: { long: { type: { key: { type: 'string', enum: ['set', longNames] } } } } },
    },
  })
  const text = renderTypes(schema, './x.ts')
  assert.match(text, /export interface SomeBase \{\n {2}readonly _uuid: string\n {2}readonly count: number \| null\n/)
  assert.match(text, / {2}readonly kind: readonly \('a' \| 'it\\'s'\)\[\]\n/)
  assert.match(
    text,
    / {2}\/\*\* References: Other, weak\. \*\/\n {2}readonly names: Readonly<Record<number, string>>\n/,
  )
  assert.match(text, /export type OtherLong =\n {2}\| 'a{30}'\n/)
  assert.match(text, / {2}readonly long: OtherLong\n/)
  assert.match(text, /export const someBase: DatabaseDescription<SomeBaseTables> = \{\n {2}name: 'Some_Base',/)
})

test('names become types as TypeScript has them', () => {
  const names = ['Logical_Switch_Port', 'ACL', 'OVN_Northbound', 'Open_vSwitch', 'sFlow']
  assert.deepEqual(names.map(typeNameOf), ['LogicalSwitchPort', 'ACL', 'OvnNorthbound', 'OpenVSwitch', 'SFlow'])
})

test('what an older server lacks is told by table and column', () => {
  const older = parseSchema({ name: 'A', version: '1.0.0', tables: { T: { columns: { a: { type: 'string' } } } } })
  const description = { name: 'A', version: '1.1.0', columns: { T: ['a', 'b'], U: ['c'] } }
  assert.deepEqual(missingIn(older, description), ['T.b', 'U'])
})

test('what is no schema is refused with the place', () => {
  assert.throws(() => parseSchema([]), /Not an object: the schema/)
  assert.throws(() => parseSchema({ name: 'A', tables: { T: 5 } }), /Not an object: table T/)
  assert.throws(() => parseSchema({ name: 'A', tables: { T: { columns: { c: {} } } } }), /not a column type/)
})

const longNames = ['a', 'b', 'c', 'd'].map((letter) => letter.repeat(30))

function readInstalled(file: string): DatabaseSchema | undefined {
  try {
    return parseSchema(JSON.parse(readFileSync(file, 'utf8')))
  } catch {
    return undefined
  }
}
