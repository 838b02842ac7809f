// Random transactions on switches, ports and port groups: all kinds of columns, changed in all ways.
import type { Operation } from '../wire/operations/operations.ts'
import { type NorthboundClient, nb } from './northbound.ts'
import type { SeededRandom } from './random.ts'

const words = ['a', 'b', 'c', 'd', 'é', '😀', '__proto__', 'x y', '"', '\\']

/** Resolves when all are done. A transaction that meets another one's change may fail, and counts as well. */
export async function writeAtRandom(client: NorthboundClient, random: SeededRandom, count: number): Promise<void> {
  for (let round = 0; round < count; round++) {
    const operations = Array.from({ length: 1 + random.below(3) }, () => randomOperation(random))
    await client.transact(operations).catch((error: Error) => {
      if (error.name !== 'OvsdbError') throw error
    })
  }
}

function randomOperation(random: SeededRandom): Operation {
  const name = random.pick(words)
  const map = () => Object.fromEntries(random.sample(words, random.below(4)).map((key) => [key, random.pick(words)]))
  const set = () => random.sample(words, random.below(5))
  const where = [['name', '==', name]] as const
  const choices: (() => Operation)[] = [
    () => nb.insert('Logical_Switch', { name, external_ids: map(), other_config: map() }),
    () => nb.insert('Address_Set', { name, addresses: set() }),
    () => nb.insert('Copp', { name, meters: map() }),
    () => nb.delete('Copp', where),
    () => nb.delete('Logical_Switch', where),
    () => nb.delete('Address_Set', where),
    () => nb.update('Logical_Switch', where, { external_ids: map(), name: random.pick(words) }),
    () => nb.update('Address_Set', where, { addresses: set() }),
    () => nb.mutate('Address_Set', where, [['addresses', random.pick(['insert', 'delete']), set()]]),
    () => nb.mutate('Logical_Switch', where, [['external_ids', 'insert', map()]]),
    () => nb.mutate('Logical_Switch', where, [['other_config', 'delete', set()]]),
    () => nb.insert('BFD', { logical_port: name, dst_ip: name, min_tx: random.pick([null, 5]), options: map() }),
    () => nb.update('BFD', [], { min_tx: random.pick([null, 7, 9]), status: random.pick([null, 'up', 'down']) }),
    () => nb.delete('BFD', [['dst_ip', '==', name]]),
  ]
  return random.pick(choices)()
}

/** Tables that these write to. */
export const randomTables = { Logical_Switch: 'all', Address_Set: 'all', BFD: 'all', Copp: 'all' } as const
