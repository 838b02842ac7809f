// Several people at work at once, while the engine is killed, hosts go and come, and the provider loses requests. Between two
// rounds everything is whole again, and then all three sides must agree. SOAK_SEED and SOAK_ROUNDS make it another or longer.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { type Chance, createChance } from './chance.ts'
import { untilAgreed } from './invariants.ts'
import { operate, useAllHosts } from './operations.ts'
import { type SoakWorld, startSoakWorld } from './soak-world.ts'

const seed = Number(process.env.SOAK_SEED ?? 20_261_123)
const rounds = Number(process.env.SOAK_ROUNDS ?? 5)
const people = 4
const operationsEach = 12

/** Something breaks, and is whole again before the round ends. */
const faults: readonly ((world: SoakWorld, chance: Chance) => Promise<void>)[] = [
  (world) => world.restartEngine(),
  async ({ hosts }, chance) => {
    const host = chance.one([...hosts.values()])!
    await host.crash()
    await delay(chance.number(1_000))
    await host.start()
  },
  async ({ proxy }, chance) => {
    proxy.cut = () => chance.once(2)
    await delay(chance.number(1_000))
    proxy.cut = () => false
  },
  async ({ proxy }, chance) => {
    const held = delay(chance.number(1_000))
    proxy.hold = () => held
    await held
    proxy.hold = async () => {}
  },
]

async function breakThings(world: SoakWorld, chance: Chance, isOver: () => boolean): Promise<void> {
  while (!isOver()) {
    await delay(chance.number(300))
    await chance.one(faults)!(world, chance)
  }
}

test(`random work and random faults leave nothing behind (seed ${seed})`, async (t) => {
  const world = await startSoakWorld(t)
  const chance = createChance(seed)
  let done = 0
  for (let round = 1; round <= rounds; round++) {
    let isOver = false
    const breaking = breakThings(world, chance, () => isOver)
    const worked = await Promise.all(
      Array.from({ length: people }, () => operate(world, createChance(chance.number(2 ** 31)), operationsEach)),
    ).finally(() => (isOver = true))
    await breaking
    await useAllHosts(world)
    assert.deepEqual(await untilAgreed(world), [], `after round ${round} of seed ${seed}`)
    done += worked.reduce((sum, each) => sum + each, 0)
  }
  t.diagnostic(`${done} operations done in ${rounds} rounds`)
  assert.ok(done > rounds * people, `only ${done} operations were done`)
})
