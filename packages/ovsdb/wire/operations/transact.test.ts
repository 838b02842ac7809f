import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ovnNorthbound } from '../../generated/ovn-northbound.ts'
import { parseSchema } from '../../schema/database-schema.ts'
import { OvsdbError } from '../errors.ts'
import { operationsOn } from './operation-builders.ts'
import { encodeTransaction, readResults } from './transact.ts'

const strings = { type: { key: 'string', min: 0, max: 'unlimited' } }
const schema = parseSchema({
  name: 'OVN_Northbound',
  version: '1.0.0',
  tables: {
    Logical_Switch: {
      columns: {
        name: { type: 'string' },
        ports: { type: { key: { type: 'uuid', refTable: 'Logical_Switch_Port' }, min: 0, max: 'unlimited' } },
        external_ids: { type: { key: 'string', value: 'string', min: 0, max: 'unlimited' } },
      },
    },
    Logical_Switch_Port: {
      columns: { name: { type: 'string' }, addresses: strings, tag: { type: { key: 'integer', min: 0 } } },
    },
  },
})
const nb = operationsOn(ovnNorthbound)
const id = '7d1b9d52-7b1f-4c6b-b5f6-0d4f5f1a9c11'

test('operations are what RFC 7047 has them to be', () => {
  const [database, ...operations] = encodeTransaction(schema, [
    nb.insert(
      'Logical_Switch_Port',
      { name: 'p', tag: null, addresses: ['b', 'a'], type: undefined },
      { name: 'new', uuid: id },
    ),
    nb.mutate(
      'Logical_Switch',
      [['_uuid', '==', id]],
      [
        ['ports', 'insert', 'new'],
        ['external_ids', 'delete', ['k1', 'k2']],
        ['external_ids', 'insert', { k3: 'v' }],
      ],
    ),
    nb.update('Logical_Switch', [['ports', 'includes', [id]], true], { name: 'x' }),
    nb.select('Logical_Switch_Port', [['tag', '>', 5]], ['name']),
    nb.delete('Logical_Switch', []),
    nb.unchanged('Logical_Switch', { _uuid: id, name: 'x' }, ['name']),
    nb.absent('Logical_Switch', [['name', '==', 'y']]),
    nb.comment('why'),
    nb.commit({ durable: true }),
  ])
  assert.equal(database, 'OVN_Northbound')
  const where = [['_uuid', '==', ['uuid', id]]]
  assert.deepEqual(JSON.parse(JSON.stringify(operations)), [
    {
      op: 'insert',
      table: 'Logical_Switch_Port',
      row: { name: 'p', tag: ['set', []], addresses: ['set', ['b', 'a']] },
      'uuid-name': 'new',
      uuid: id,
    },
    {
      op: 'mutate',
      table: 'Logical_Switch',
      where,
      mutations: [
        ['ports', 'insert', ['set', [['named-uuid', 'new']]]],
        ['external_ids', 'delete', ['set', ['k1', 'k2']]],
        ['external_ids', 'insert', ['map', [['k3', 'v']]]],
      ],
    },
    {
      op: 'update',
      table: 'Logical_Switch',
      where: [['ports', 'includes', ['set', [['uuid', id]]]], true],
      row: { name: 'x' },
    },
    { op: 'select', table: 'Logical_Switch_Port', where: [['tag', '>', 5]], columns: ['name'] },
    { op: 'delete', table: 'Logical_Switch', where: [] },
    { op: 'wait', table: 'Logical_Switch', where, columns: ['name'], until: '==', rows: [{ name: 'x' }], timeout: 0 },
    {
      op: 'wait',
      table: 'Logical_Switch',
      where: [['name', '==', 'y']],
      columns: ['_uuid'],
      until: '==',
      rows: [],
      timeout: 0,
    },
    { op: 'comment', comment: 'why' },
    { op: 'commit', durable: true },
  ])
})

test('what the server does not have is refused before it is sent', () => {
  const encode = (operation: Parameters<typeof encodeTransaction>[1][number]) => encodeTransaction(schema, [operation])
  assert.throws(() => encode(nb.insert('ACL', {})), isError('unknown table'))
  assert.throws(() => encode(nb.insert('Logical_Switch_Port', { up: true })), isError('unknown column'))
  assert.throws(() => encode(nb.delete('Logical_Switch_Port', [['up', '==', true]])), isError('unknown column'))
  assert.throws(() => encode(nb.mutate('Logical_Switch', [], [['acls', 'insert', id]])), isError('unknown column'))
  assert.throws(
    () => encode(nb.update('Logical_Switch', [], { name: 5 as never })),
    /^TypeError: Logical_Switch\.name: 5/,
  )
})

test('results are read by their operations', () => {
  const operations = [
    nb.insert('Logical_Switch', { name: 'x' }),
    nb.select('Logical_Switch', [], ['_uuid', 'ports']),
    nb.delete('Logical_Switch', []),
    nb.comment('x'),
  ] as const
  const rows = [{ _uuid: ['uuid', id], ports: ['uuid', id] }]
  const [inserted, selected, deleted] = readResults(schema, operations, [
    { uuid: ['uuid', id] },
    { rows },
    { count: 1 },
    {},
  ])
  assert.equal(inserted.uuid, id)
  assert.deepEqual(selected.rows, [{ _uuid: id, ports: [id] }])
  assert.equal(deleted.count, 1)
})

test('an error belongs to its operation, one more than there are operations to the commit', () => {
  const operations = [nb.insert('Logical_Switch', {}), nb.comment('x')]
  const error = { error: 'constraint violation', details: 'why' }
  const failed = grab(() => readResults(schema, operations, [error, null]))
  assert.equal(failed.kind, 'constraint violation')
  assert.equal(failed.index, 0)
  assert.equal(failed.operation, operations[0])
  assert.match(failed.message, /^Operation 1, insert in Logical_Switch: constraint violation: why\./)
  const commit = grab(() => readResults(schema, operations, [{ uuid: ['uuid', id] }, {}, error]))
  assert.equal(commit.kind, 'constraint violation')
  assert.equal(commit.operation, undefined)
  assert.equal(commit.index, undefined)
})

test('a reply that does not fit is an error, not a result', () => {
  assert.equal(grab(() => readResults(schema, [nb.comment('x')], null)).kind, 'internal error')
  assert.equal(grab(() => readResults(schema, [nb.comment('x')], [])).kind, 'internal error')
  const strange = grab(() => readResults(schema, [nb.comment('x')], [{ error: 'never heard of' }]))
  assert.equal(strange.kind, 'internal error')
  assert.match(strange.details, /never heard of/)
})

test('the compiler knows tables, columns, values and results', () => {
  // @ts-expect-error no such table
  nb.insert('Logical_Swatch', {})
  // @ts-expect-error no such column
  nb.insert('Logical_Switch', { nome: 'x' })
  // @ts-expect-error not such a value
  nb.update('Logical_Switch', [], { name: 5 })
  // @ts-expect-error not such a value in a condition
  nb.delete('Logical_Switch', [['name', '==', 5]])
  // @ts-expect-error the result of an insert has no rows
  const results = () => readResults(schema, [nb.insert('Logical_Switch', {})] as const, [])[0].rows
  assert.ok(results)
})

function grab(action: () => unknown): OvsdbError {
  try {
    action()
  } catch (error) {
    if (error instanceof OvsdbError) return error
    throw error
  }
  throw new Error('no error')
}

function isError(kind: OvsdbError['kind']) {
  return (error: unknown) => error instanceof OvsdbError && error.kind === kind
}
