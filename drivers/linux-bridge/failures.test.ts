// Whichever command fails, and whenever the driver is killed: an unplug leaves nothing.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { RunningDriver } from '@patchbay/vif-driver/conformance/bed.ts'
import { DriverError } from '@patchbay/vif-driver/driver-error.ts'
import { type FailingCommands, failingCommands, type Misfortune } from './testing/failing-commands.ts'
import { linuxBridgeTrial, type Placed, skip } from './testing/linux-bridge-trial.ts'

const current = linuxBridgeTrial()
let made: FailingCommands | undefined
const commands = () => {
  made ??= failingCommands(current().hosts[0].lab.dir)
  return made
}

/** More than a plug or an unplug ever runs: a loop that does not end is a mistake in this test. */
const mostCommands = 20

test('a plug whose N-th command fails rejects with a DriverError, and an unplug leaves nothing', { skip }, async () => {
  await using victim = await startVictim([current().hosts[1].lab.address])
  await atEachCommand('fails', async (one, spoilt) => {
    one.on.use(victim.driver)
    const { happened, error } = await spoilt(() => one.on.plug())
    if (happened) assertHostSetup(error)
    await one.on.removeInterface()
    await one.on.call('unplug_device', 'after')
    return happened
  })
})

test('an unplug whose N-th command fails rejects with a DriverError, and repeated leaves nothing', {
  skip,
}, async () => {
  await using victim = await startVictim([current().hosts[1].lab.address])
  await atEachCommand('fails', async (one, spoilt) => {
    one.on.use(victim.driver)
    await one.on.plug()
    const { happened, error } = await spoilt(() => one.on.unplug())
    if (happened) assertHostSetup(error)
    await one.on.call('unplug_device', 'after')
    return happened
  })
})

for (const misfortune of ['killed-before', 'killed-after'] as const) {
  test(`an unplug leaves nothing of a plug by a driver that was ${misfortune} its N-th command`, { skip }, async () => {
    let victim = await startVictim('provider')
    await atEachCommand(misfortune, async (one, spoilt) => {
      one.on.use(victim.driver)
      const { happened } = await spoilt(() => one.on.plug())
      victim = await replaced(victim)
      one.on.use(victim.driver)
      await one.on.removeInterface()
      await one.on.call('unplug_device', 'after')
      return happened
    })
    await victim.kill()
  })

  test(`an unplug leaves nothing of an unplug by a driver that was ${misfortune} its N-th command`, {
    skip,
  }, async () => {
    let victim = await startVictim('provider')
    await atEachCommand(misfortune, async (one, spoilt) => {
      one.on.use(victim.driver)
      await one.on.plug()
      const { happened } = await spoilt(() => one.on.unplug())
      victim = await replaced(victim)
      one.on.use(victim.driver)
      await one.on.call('unplug_device', 'after')
      return happened
    })
    await victim.kill()
  })
}

type Spoilt = (work: () => Promise<unknown>) => Promise<{ happened: boolean; error: unknown }>

/** Lets the misfortune come at the first command of a work, then at the second … until the work gets through without. */
async function atEachCommand(
  misfortune: Misfortune,
  work: (one: Placed, spoilt: Spoilt) => Promise<boolean>,
): Promise<void> {
  const { placed, trial, hosts } = current()
  for (let nth = 1; nth <= mostCommands; nth++) {
    const one = await placed()
    const happened = await work(one, async (spoiltWork) => {
      commands().arm(misfortune, nth)
      const error = await spoiltWork().then(
        () => undefined,
        (reason) => reason,
      )
      const happened = commands().happened()
      commands().disarm()
      assert(happened || error === undefined, `${error}`)
      return { happened, error }
    })
    await trial.assertNothingLeft(hosts[0])
    // The trial's own driver unplugs once more when it tidies up; the victim is gone by then.
    one.on.use(trial.driverOn(hosts[0]))
    if (!happened) return
  }
  assert.fail(`more than ${mostCommands} commands`)
}

/** With `peers`, because the bridge command is used only then, and without what runs commands on its own. */
async function startVictim(peers: readonly string[] | 'provider'): Promise<RunningDriver & AsyncDisposable> {
  const [host] = current().hosts
  const victim = await host.startDriver({ peers, refresh: 0 }, commands().env)
  return { ...victim, [Symbol.asyncDispose]: victim.kill }
}

/** Another instance, as after a restart of the agent: it knows what is on disk. */
async function replaced(victim: RunningDriver): Promise<RunningDriver & AsyncDisposable> {
  await victim.kill()
  return startVictim('provider')
}

function assertHostSetup(error: unknown): void {
  assert(error instanceof DriverError, `a DriverError was expected, not ${error}`)
  assert.equal(error.kind, 'host-setup')
  assert.match(error.message, /was made to fail/)
}
