// The promises of workflows: recorded, exclusive, undone or finished whatever happens.
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { until } from '../../../../lab/until.ts'
import { actingUser, asUser } from '../../acting-user.ts'
import { correlationId, withCorrelationId } from '../../correlation.ts'
import { linksTo } from '../../events/event-links.ts'
import { Fault } from '../../faults.ts'
import { createJobLog } from '../../jobs/job-log.ts'
import { openStore, type Store, type Tables } from '../../store/store.ts'
import { briefTestDatabase } from '../../store/testing/test-database.ts'
import { createLocks } from './locks.ts'
import { anyWorkflow, type Workflow } from './workflow.ts'
import { createWorkflowRunner } from './workflow-runner.ts'

interface State {
  readonly vm: string
  readonly made?: string
  readonly bound?: string
}

/** Each step asks it what happens to it: `run:make`, `undo:bind` … */
type Script = (event: string, state: State) => unknown

const action = 'run VM'

/** Three steps, the first of which has nothing to undo. */
const workflow = (onFailure: 'undo' | 'repeat' = 'undo'): Workflow<State, Script> => ({
  kind: 'test',
  locks: ({ vm }) => [`vm:${vm}`],
  onFailure,
  steps: [
    { name: 'look', run: async (state, script) => void (await script('run:look', state)) as undefined },
    {
      name: 'make',
      async run(state, script) {
        await script('run:make', state)
        return { made: 'port' }
      },
      undo: async (state, script) => void (await script('undo:make', state)),
    },
    {
      name: 'bind',
      async run(state, script) {
        await script('run:bind', state)
        return { bound: 'host' }
      },
      undo: async (state, script) => void (await script('undo:bind', state)),
    },
  ],
  async complain(state, script, error) {
    await script(`complain:${error.message}`, state)
  },
})

/** An engine's runner; on the same store again, it is the engine after a restart. */
function startRunner(store: Store, script: Script = () => {}, kinds = [workflow()]) {
  const events: string[] = []
  const locks = createLocks()
  const told: Script = (event, state) => {
    events.push(event)
    return script(event, state)
  }
  const quiet = { info() {}, warn() {} }
  const runner = createWorkflowRunner<Script>(store, locks, kinds.map(anyWorkflow), () => told, quiet, createJobLog())
  const idle = () => until(async () => (await store.workflows.find({})).length === 0, 5_000)
  return { ...runner, events, locks, idle }
}

async function startStore(t: TestContext): Promise<Store> {
  const store = await openStore(await briefTestDatabase())
  t.after(() => store[Symbol.asyncDispose]())
  return store
}

const never = () => new Promise(() => {})
const fail = (text: string) => {
  throw new Error(text)
}
const isRelatedOperation = (error: unknown) => error instanceof Fault && error.key === 'RELATED_OPERATION'
const row = async (store: Store) => (await store.workflows.find({}))[0]

test('steps are done in order, each recorded with the state so far before it begins', async (t) => {
  const store = await startStore(t)
  const recorded: unknown[] = []
  const { start, events, locks } = startRunner(store, async (_event, state) => {
    const { step, state: written, direction } = (await row(store))!
    recorded.push([step, written, direction])
    assert.deepEqual(state, written)
  })
  assert.deepEqual(await start(workflow(), { vm: 'a' }, { action }), { vm: 'a', made: 'port', bound: 'host' })
  assert.deepEqual(events, ['run:look', 'run:make', 'run:bind'])
  assert.deepEqual(recorded, [
    [0, { vm: 'a' }, 'forward'],
    [1, { vm: 'a' }, 'forward'],
    [2, { vm: 'a', made: 'port' }, 'forward'],
  ])
  assert.deepEqual(await store.workflows.find({}), [])
  assert.equal(locks.holder('vm:a'), undefined)
})

test('what a step records is written with the note that it is done, or not at all', async (t) => {
  const store = await startStore(t)
  const tell = (description: string) => ({
    id: description,
    code: 1,
    severity: 'normal' as const,
    time: '',
    description,
    correlationId: '',
    sequence: 0,
    userName: '',
    origin: '',
    customId: '',
    ...linksTo({}),
    floodRate: 0,
  })
  const told = async () => (await store.events.find({})).map(({ description }) => description)
  const recording = (last: (tables: Tables) => Promise<void>): Workflow<State, Script> => ({
    ...workflow(),
    steps: [
      { name: 'begin', record: async (_state, { events }) => events.insert(tell('begun')) },
      {
        name: 'make',
        async run(state, script) {
          assert.deepEqual([await told(), (await row(store))!.step], [['begun'], 1])
          await script('run:make', state)
          return { made: 'port' }
        },
        record: async ({ made }, { events }) => events.insert(tell(`made ${made}`)),
        undo: async (state, script) => void (await script('undo:make', state)),
      },
      {
        name: 'end',
        async record(_state, tables) {
          await tables.events.insert(tell('ended'))
          await last(tables)
        },
      },
    ],
  })
  const { start, events } = startRunner(store)
  await assert.rejects(
    start(
      recording(async () => fail('no')),
      { vm: 'a' },
      { action },
    ),
    /no/,
  )
  assert.deepEqual(await told(), ['begun', 'made port'])
  assert.deepEqual(events, ['run:make', 'undo:make'])
  for (const { id } of await store.events.find({})) await store.events.remove(id)
  assert.deepEqual(
    await start(
      recording(async ({ workflows }) => assert.equal((await workflows.find({})).length, 1)),
      { vm: 'a' },
      { action },
    ),
    {
      vm: 'a',
      made: 'port',
    },
  )
  assert.deepEqual(await told(), ['begun', 'made port', 'ended'])
  assert.deepEqual(await store.workflows.find({}), [])
})

test('what the request records is written with the end of the workflow, or the workflow is undone', async (t) => {
  const store = await startStore(t)
  const { start, events } = startRunner(store)
  const seen: unknown[] = []
  const record = async (state: State, { workflows }: Tables) => {
    seen.push([state, (await workflows.find({})).length])
    if (state.vm === 'b') throw new Error('it cannot be written')
  }
  await start(workflow(), { vm: 'a' }, { action, record })
  assert.deepEqual(seen, [[{ vm: 'a', made: 'port', bound: 'host' }, 1]])
  await assert.rejects(start(workflow(), { vm: 'b' }, { action, record }), /it cannot be written/)
  assert.deepEqual(events.slice(-2), ['undo:bind', 'undo:make'])
  assert.deepEqual(await store.workflows.find({}), [])
})

test('a workflow whose first record fails is not begun', async (t) => {
  const store = await startStore(t)
  const { start, locks } = startRunner(store)
  const steps = [{ name: 'begin', record: async () => fail('taken') }]
  await assert.rejects(start({ ...workflow(), steps }, { vm: 'a' }, { action }), /taken/)
  assert.deepEqual(await store.workflows.find({}), [])
  assert.equal(locks.holder('vm:a'), undefined)
})

test('a second workflow on the same thing is refused, on another it runs', async (t) => {
  const store = await startStore(t)
  const gate = Promise.withResolvers<void>()
  const { start, events, locks } = startRunner(store, (event, { vm }) =>
    vm === 'a' && event === 'run:make' ? gate.promise : 0,
  )
  const first = start(workflow(), { vm: 'a' }, { action })
  assert.equal(locks.holder('vm:a'), 'test')
  await assert.rejects(start(workflow(), { vm: 'a' }, { action: 'stop VM' }), (error: Fault) => {
    assert.ok(isRelatedOperation(error))
    assert.equal(error.status, 409)
    assert.equal(
      error.message,
      'Cannot stop VM. Related operation (test) is currently in progress. Please try again later.',
    )
    return true
  })
  await start(workflow(), { vm: 'b' }, { action })
  gate.resolve()
  await first
  await start(workflow(), { vm: 'a' }, { action })
  assert.equal(events.filter((event) => event === 'run:bind').length, 3)
})

test('the check comes with the lock held: it may refuse, and it completes the state', async (t) => {
  const store = await startStore(t)
  const { start, events, locks } = startRunner(store)
  await assert.rejects(
    start(workflow(), { vm: 'a' }, { action, check: async () => fail(`holds ${locks.holder('vm:a')}`) }),
    /holds test/,
  )
  assert.deepEqual([events, await store.workflows.find({}), locks.holder('vm:a')], [[], [], undefined])
  const state = await start(workflow(), { vm: 'a', made: 'old' }, { action, check: async () => ({ made: 'sure' }) })
  assert.equal(state.vm, 'a')
})

for (const [failing, expected] of [
  ['look', ['run:look']],
  ['make', ['run:look', 'run:make', 'undo:make']],
  ['bind', ['run:look', 'run:make', 'run:bind', 'undo:bind', 'undo:make']],
] as const) {
  test(`when the step "${failing}" fails, it and those before it are undone, the last first`, async (t) => {
    const store = await startStore(t)
    const states: State[] = []
    const { start, events, locks } = startRunner(store, (event, state) => {
      if (event.startsWith('undo:')) states.push(state)
      return event === `run:${failing}` ? fail('no') : undefined
    })
    await assert.rejects(start(workflow(), { vm: 'a' }, { action }), /^Error: no$/)
    assert.deepEqual(events, expected)
    for (const state of states) assert.deepEqual(state, failing === 'bind' ? { vm: 'a', made: 'port' } : { vm: 'a' })
    assert.deepEqual([await store.workflows.find({}), locks.holder('vm:a')], [[], undefined])
  })
}

test('an undo that fails is tried again behind, from where it failed; the caller need not wait', async (t) => {
  const store = await startStore(t)
  let isAway = true
  const { start, events, locks, idle } = startRunner(store, (event) => {
    if (event === 'run:bind') fail('no')
    if (event === 'undo:make' && isAway) fail('away')
  })
  await assert.rejects(start(workflow(), { vm: 'a' }, { action }), /^Error: no$/)
  const { direction, step, error } = (await row(store))!
  assert.deepEqual([direction, step, error], ['undo', 1, 'no'])
  await assert.rejects(start(workflow(), { vm: 'a' }, { action }), isRelatedOperation)
  isAway = false
  assert.ok(await idle())
  assert.deepEqual(events, ['run:look', 'run:make', 'run:bind', 'undo:bind', 'undo:make', 'undo:make'])
  assert.equal(locks.holder('vm:a'), undefined)
})

test('a workflow without a way back is repeated from the step that failed, and complains once', async (t) => {
  const store = await startStore(t)
  let attempts = 0
  const kind = workflow('repeat')
  const { start, events, idle } = startRunner(
    store,
    (event) => (event === 'run:make' && ++attempts < 3 ? fail('away') : undefined),
    [kind],
  )
  assert.deepEqual(await start(kind, { vm: 'a' }, { action }), { vm: 'a' }, 'the state so far, and no error')
  assert.equal((await row(store))?.direction, 'forward')
  assert.ok(await idle())
  assert.deepEqual(events, ['run:look', 'run:make', 'complain:away', 'run:make', 'run:make', 'run:bind'])
})

test('after a crash a workflow goes on at its step, with the state, the correlation id and the user it had', async (t) => {
  const store = await startStore(t)
  const crashed = startRunner(store, (event) => (event === 'run:bind' ? never() : undefined))
  void asUser('alice@internal', () =>
    withCorrelationId('flow', () => crashed.start(workflow(), { vm: 'a' }, { action })),
  )
  assert.ok(await until(() => crashed.events.includes('run:bind'), 2_000))

  const seen: unknown[] = []
  const { recover, events, locks, idle } = startRunner(
    store,
    (_event, state) => void seen.push(state, correlationId(), actingUser()),
  )
  const takeUp = await recover()
  assert.deepEqual([events, locks.holder('vm:a')], [[], 'test'], 'held, but not begun')
  takeUp()
  assert.ok(await idle())
  assert.deepEqual(events, ['run:bind'])
  assert.deepEqual(seen, [{ vm: 'a', made: 'port' }, 'flow', 'alice@internal'])
  assert.equal(locks.holder('vm:a'), undefined)
})

test('a workflow that fails after a crash is undone', async (t) => {
  const store = await startStore(t)
  const crashed = startRunner(store, (event) => (event === 'run:bind' ? never() : undefined))
  void crashed.start(workflow(), { vm: 'a' }, { action })
  assert.ok(await until(() => crashed.events.includes('run:bind'), 2_000))
  const { recover, events, idle } = startRunner(store, (event) => (event === 'run:bind' ? fail('no') : undefined))
  ;(await recover())()
  assert.ok(await idle())
  assert.deepEqual(events, ['run:bind', 'undo:bind', 'undo:make'])
})

test('a crash in the middle of an undo: it goes on where it was', async (t) => {
  const store = await startStore(t)
  const crashed = startRunner(store, (event) => {
    if (event === 'run:bind') fail('no')
    return event === 'undo:make' ? never() : undefined
  })
  crashed.start(workflow(), { vm: 'a' }, { action }).catch(() => {})
  assert.ok(await until(() => crashed.events.includes('undo:make'), 2_000))
  const { recover, events, idle } = startRunner(store)
  ;(await recover())()
  assert.ok(await idle())
  assert.deepEqual(events, ['undo:make'])
})

test('a repeated workflow goes on after a crash and does not complain again', async (t) => {
  const store = await startStore(t)
  const kind = workflow('repeat')
  const crashed = startRunner(store, (event) => (event === 'run:make' ? fail('away') : undefined), [kind])
  await crashed.start(kind, { vm: 'a' }, { action })
  await crashed.stop()
  let attempts = 0
  const { recover, events, idle } = startRunner(
    store,
    (event) => (event === 'run:make' && ++attempts < 2 ? fail('away') : undefined),
    [kind],
  )
  ;(await recover())()
  assert.ok(await idle())
  assert.deepEqual(events, ['run:make', 'run:make', 'run:bind'])
})

test('all locks are held before anything goes on, so that one cannot take what another had', async (t) => {
  const store = await startStore(t)
  const inner: Workflow<State, Script> = { ...workflow('repeat'), kind: 'inner', locks: ({ vm }) => [`port:${vm}`] }
  const crashed = startRunner(store, never, [workflow(), inner])
  void crashed.start(workflow(), { vm: 'a' }, { action })
  void crashed.start(inner, { vm: 'a' }, { action })
  assert.ok(await until(async () => (await store.workflows.find({})).length === 2, 2_000))
  const met: unknown[] = []
  const restarted = startRunner(store, () => void met.push(restarted.locks.holder('port:a')), [workflow(), inner])
  ;(await restarted.recover())()
  assert.ok(await restarted.idle())
  assert.equal(met[0], 'inner')
})

test('a database of a newer engine, with a kind of workflow that this one does not know, is refused', async (t) => {
  const store = await startStore(t)
  const crashed = startRunner(store, never)
  void crashed.start(workflow(), { vm: 'a' }, { action })
  assert.ok(await until(async () => (await row(store)) !== undefined, 2_000))
  const { recover } = startRunner(store, () => {}, [])
  await assert.rejects(recover(), /a workflow of the unknown kind test: was it made by a newer engine\?/)
  assert.equal((await store.workflows.find({})).length, 1, 'it stays for the engine that knows it')
})

test('a runner that stops leaves what it could not finish recorded', async (t) => {
  const store = await startStore(t)
  const { start, stop } = startRunner(store, (event) => {
    if (event === 'run:bind') fail('no')
    if (event === 'undo:bind') fail('away')
  })
  await assert.rejects(start(workflow(), { vm: 'a' }, { action }))
  await stop()
  assert.equal((await row(store))?.direction, 'undo')
})

test('a lock without a workflow is held for as long as the work takes, and told to those who wait', async () => {
  const locks = createLocks()
  const gate = Promise.withResolvers<void>()
  const work = locks.during(['vm:a', 'vm:b'], 'add vNIC', () => gate.promise)
  assert.equal(locks.holder('vm:b'), 'add vNIC')
  await assert.rejects(
    locks.during(['vm:c', 'vm:b'], 'add vNIC', async () => {}),
    isRelatedOperation,
  )
  assert.equal(locks.holder('vm:c'), undefined, 'all or none')
  let isReleased = false
  const waiting = locks.released('vm:b').then(() => {
    isReleased = true
  })
  await Promise.resolve()
  assert.equal(isReleased, false)
  gate.resolve()
  await Promise.all([work, waiting])
  await assert.rejects(
    locks.during(['vm:a'], 'x', async () => fail('no')),
    /no/,
  )
  assert.equal(locks.holder('vm:a'), undefined)
  await locks.released('vm:a')
})

test('what the engine does briefly by itself is waited for', async () => {
  const locks = createLocks()
  const gate = Promise.withResolvers<void>()
  const order: string[] = []
  const record = (what: string) => async () => void order.push(what)
  const cleaning = locks.during(['vm:a'], 'clean up VM', () => gate.promise.then(record('cleaned')), { isBrief: true })
  const stopping = locks.during(['vm:a'], 'stop VM', record('stopped'))
  await locks.during(['vm:b'], 'stop VM', record('another'))
  gate.resolve()
  await Promise.all([cleaning, stopping])
  assert.deepEqual(order, ['another', 'cleaned', 'stopped'])
})
