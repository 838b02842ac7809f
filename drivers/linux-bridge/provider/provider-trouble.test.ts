// What the driver says when the provider does not help, and that it unplugs all the same.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import type { Call, Phase, Properties, VifDriver } from '@patchbay/vif-driver/contract.ts'
import type { DriverErrorKind } from '@patchbay/vif-driver/driver-error.ts'
import { assertRefused } from '../testing/assert-refused.ts'
import { startBedProvider } from '../testing/bed-provider.ts'
import { type AnswerTo, portOn, startCannedProvider } from '../testing/canned-provider.ts'
import { driverWith, linuxBridgeTrial, skip } from '../testing/linux-bridge-trial.ts'

const current = linuxBridgeTrial()

const troubles: {
  readonly when: string
  readonly answer: AnswerTo
  /** Of the driver, where it is what ends the call: an answer may take its time. */
  readonly timeoutS?: number
  readonly kind: DriverErrorKind
  readonly message: RegExp
}[] = [
  {
    when: 'the provider does not answer',
    answer: () => undefined,
    timeoutS: 1,
    kind: 'provider-unavailable',
    message: /no answer within 1 s/,
  },
  {
    when: 'the provider fails',
    answer: () => ({ status: 500, body: '{"NeutronError": {"message": "no space left"}}' }),
    kind: 'provider-unavailable',
    message: /answered 500: no space left/,
  },
  {
    when: 'something else answers',
    answer: () => ({ status: 200, body: '<html>' }),
    kind: 'provider-unavailable',
    message: /not in JSON/,
  },
  {
    when: 'the provider wants credentials',
    answer: () => ({ status: 401, body: '' }),
    kind: 'provider-unavailable',
    message: /wants a login, and none is configured/,
  },
  {
    when: 'there is nothing at the URL',
    answer: () => ({ status: 404, body: '' }),
    kind: 'port-not-found',
    message: /knows no port port-1: .* answered 404. Check the URL/,
  },
  {
    when: 'the port says no network',
    answer: portOn({}, { network_id: undefined }),
    kind: 'provider-unavailable',
    message: /without network/,
  },
  {
    when: 'the port is switched off',
    answer: portOn({}, { admin_state_up: false }),
    kind: 'unsupported',
    message: /set its admin_state_up to true/,
  },
  {
    when: 'the network is no VXLAN',
    answer: portOn({ 'provider:network_type': 'vlan', 'provider:segmentation_id': 7 }),
    kind: 'unsupported',
    message: /network network-1 is of type vlan/,
  },
]

for (const { when, answer, timeoutS = 30, kind, message } of troubles) {
  test(`a plug is refused as ${kind} when ${when}`, { skip }, async (t) => {
    const url = await startCannedProvider(t, current().bed.lab.address, answer)
    const driver = await driverWith(t, current().hosts[0], { url, timeout: timeoutS })
    await assertRefused(plugBefore(driver, 'port-1'), kind, message)
    await current().trial.assertNothingLeft()
  })
}

test('a plug is refused as invalid-request when vnic_id cannot be an id', { skip }, async () => {
  const { trial, hosts } = current()
  for (const id of ['', '../networks', 'a b', '"; flush ruleset', 'x'.repeat(65)])
    await assertRefused(plugBefore(trial.driverOn(hosts[0]), id), 'invalid-request', /no id of a port/)
})

test('a plug fails when the provider cannot be told that the port is wired', { skip }, async () => {
  const { bed, placed, trial } = current()
  const { on } = await placed()
  await on.call('plug_device', 'before')
  await on.makeInterface()
  await bed.withoutProvider!(() => assertRefused(on.call('plug_device', 'after'), 'provider-unavailable', /refused/))
  await on.unplug()
  await trial.assertNothingLeft()
})

test('a port is unplugged after it was deleted at the provider', { skip }, async () => {
  const { bed, plugged, trial } = current()
  const { on, nic } = await plugged()
  await bed.provider.client.ports.remove(nic.port.id)
  await on.unplug()
  await trial.assertNothingLeft()
})

test('the driver logs in where the provider asks for it, and says so when it is refused', { skip }, async (t) => {
  const { bed, trial, hosts } = current()
  const { address, dir } = bed.lab
  await using provider = await startBedProvider(address, join(dir, 'closed'), { name: 'admin', password: 'right' })
  const network = await provider.client.networks.create({ name: 'net' })
  const { id } = await provider.client.ports.create({ network_id: network.id })
  const options = { url: provider.url, 'auth-url': provider.identityUrl, username: 'admin' }

  const driver = await driverWith(t, hosts[0], { ...options, 'password-file': passwordFile('right') })
  await plugBefore(driver, id)
  await driver.unplug_device('', propertiesOf(id), call('after'))
  await trial.assertNothingLeft()

  const stranger = await driverWith(t, hosts[0], { ...options, 'password-file': passwordFile('wrong') })
  await assertRefused(plugBefore(stranger, id), 'provider-unavailable', /did not accept the credentials/)
})

function passwordFile(password: string): string {
  const path = join(current().hosts[0].lab.dir, `${password}.password`)
  writeFileSync(path, `${password}\n`)
  return path
}

function plugBefore(driver: VifDriver, portId: string): Promise<unknown> {
  const domxml = '<interface type="bridge"><mac address="02:00:00:00:00:01"/></interface>'
  return driver.plug_device(domxml, propertiesOf(portId), call('before'))
}

const call = (phase: Phase): Call => ({ phase, state: undefined, signal: AbortSignal.timeout(60_000) })

function propertiesOf(portId: string): Properties {
  return { vnic_id: portId, provider_type: 'EXTERNAL_NETWORK', plugin_type: 'LINUX_BRIDGE', vmId: 'vm' }
}
