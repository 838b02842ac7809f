// NICs whose driver is an executable, on an agent: plugged and unplugged, and undone when the driver misbehaves.
import assert from 'node:assert/strict'
import { appendFileSync, chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { labUnavailable } from '../../../lab/lab-unavailable.ts'
import type { LabAgent } from '../testing/lab-agent.ts'
import { useAgent } from '../testing/use-agent.ts'
import { testNic, testVm } from '../testing/vm-xml.ts'

const driverTimeoutS = 3

describe('a driver that is an executable', { skip: labUnavailable() }, () => {
  let agent: LabAgent
  let dir: string

  useAgent(
    (started) => {
      agent = started
    },
    (host) => {
      dir = join(host.dir, 'installed/test')
      mkdirSync(dir, { recursive: true })
      const manifest = { name: 'test', version: '1.2', apiVersion: '1.0', pluginTypes: ['TEST'], exec: 'run' }
      writeFileSync(join(dir, 'driver.json'), JSON.stringify(manifest))
      writeFileSync(join(dir, 'run'), script(dir))
      chmodSync(join(dir, 'run'), 0o755)
      mkdirSync(join(host.dir, 'installed/broken'))
      writeFileSync(join(host.dir, 'installed/broken/driver.json'), '{"name": "broken", "pluginTypes": ["BROKEN"]')
      const config = { 'installed-drivers-dir': join(host.dir, 'installed'), 'driver-timeout': String(driverTimeoutS) }
      return { config }
    },
  )

  const journal = () =>
    existsSync(join(dir, 'journal')) ? readFileSync(join(dir, 'journal'), 'utf8').trim().split('\n') : []
  const begin = () => rmSync(join(dir, 'journal'), { force: true })
  /** What the driver does at `VERB.PHASE` from now on. */
  const misbehave = (point: string, commands: string) => {
    mkdirSync(join(dir, 'do'), { recursive: true })
    appendFileSync(join(dir, 'do', point), commands)
  }
  const behave = () => rmSync(join(dir, 'do'), { recursive: true, force: true })

  test('its manifest is among the capabilities', async () => {
    const { vifDrivers } = await agent.call<{ vifDrivers: { name: string }[] }>('Host.getCapabilities')
    assert.deepEqual(
      vifDrivers.find(({ name }) => name === 'test'),
      { name: 'test', version: '1.2', apiVersion: '1.0', pluginTypes: ['TEST'] },
    )
  })

  test('a broken one beside it is reported, and is what a NIC of nobody is told', async () => {
    const { brokenVifDrivers } = await agent.call<any>('Host.getCapabilities')
    assert.equal(brokenVifDrivers.length, 1)
    assert.match(brokenVifDrivers[0].driver, /installed\/broken$/)
    assert.match(brokenVifDrivers[0].reason, /driver\.json/)
    const vm = testVm(9, 1, { nics: [testNic(9, 0, { pluginType: 'BROKEN' })] })
    const { exitMessage } = await agent.create(vm, 'Down')
    assert.match(exitMessage!, /no driver .* serves plugin type "BROKEN".*driver .*installed\/broken cannot be used/)
    await agent.clear()
  })

  test('a NIC is plugged and unplugged, and the driver gets its state back', async () => {
    begin()
    const vm = { ...testVm(1), nics: [testNic(1, 0, { pluginType: 'TEST' })] }
    assert.equal((await agent.create(vm)).status, 'Up')
    await agent.destroy(vm.vmId)
    assert.deepEqual(journal(), [
      'plug_device.before port-1-0 null',
      'plug_device.after port-1-0 kept',
      'unplug_device.before port-1-0 kept',
      'unplug_device.after port-1-0 kept',
    ])
    await agent.clear()
  })

  const failures: [what: string, commands: string, says: RegExp][] = [
    [
      'hangs',
      'sleep 600',
      /^driver test, plug_device \((before|after)\).* 3 s|took longer than the time for this call/,
    ],
    ['crashes', 'echo broken >&2; kill -SEGV $$', /ended by SIGSEGV and answered nothing; stderr ends with: broken/],
    ['writes garbage', 'echo garbage; exit 0', /its answer is no JSON object: "garbage"/],
    ['fills its output', 'exec cat /dev/zero', /answered more than 1048576 bytes and was killed/],
    ['fails', `echo '{"error":{"code":2,"message":"no such port"}}'; exit 1`, /plug_device \(\w+\): no such port$/],
    [
      'answers another NIC',
      `echo '{"domxml":"<interface/>"}'; exit 0`,
      /the MAC address of the <interface> is undefined/,
    ],
  ]
  let vms = 1
  for (const [what, commands, says] of failures)
    for (const phase of ['before', 'after'])
      test(`when it ${what} in the phase ${phase}, a hot plug is undone and says why`, async () => {
        const n = ++vms
        const vm = testVm(n, 0)
        assert.equal((await agent.create(vm)).status, 'Up')
        begin()
        misbehave(`plug_device.${phase}`, commands)
        const nic = testNic(n, 0, { pluginType: 'TEST' })
        await assert.rejects(agent.hotplug(vm.vmId, nic), { code: 49, message: says })
        assert.deepEqual(journal().at(-1)?.split(' ').slice(0, 2), ['unplug_device.after', nic.portId])
        behave()
        await agent.hotplug(vm.vmId, nic)
        assert.equal((await agent.stats(vm.vmId)).status, 'Up')
        await agent.clear()
      })

  test('when it fills the disk of the agent, a hot plug is undone and says so, and the VM runs on', async () => {
    const state = '/run/patchbay-agent'
    const sh = (command: string) => agent.host.exec(['sh', '-c', command])
    await agent.kill()
    await sh(`mount -t tmpfs -o size=1m small ${state}`)
    await agent.start()
    const vm = testVm(40, 1)
    assert.equal((await agent.create(vm)).status, 'Up')
    for (const [index, phase] of ['before', 'after'].entries()) {
      const nic = testNic(40, index + 1, { pluginType: 'TEST' })
      begin()
      misbehave(`plug_device.${phase}`, `head -c 2000000 /dev/zero > ${state}/filled 2> /dev/null || true`)
      await assert.rejects(agent.hotplug(vm.vmId, nic), { code: 49, message: /no space left on device/i }, phase)
      assert.deepEqual(journal().at(-1)?.split(' ').slice(0, 2), ['unplug_device.after', nic.portId])
      const { status, network } = await agent.stats(vm.vmId)
      assert.deepEqual([status, Object.keys(network!).length], ['Up', 1])
      behave()
      await sh(`rm ${state}/filled`)
      await agent.hotplug(vm.vmId, nic)
      await agent.hotunplug(vm.vmId, nic.alias)
    }
    await agent.clear()
    await agent.kill()
    await sh(`umount ${state}`)
    await agent.start()
    await agent.assertClean()
  })
})

/** Keeps state, writes down what it is asked, and does before its answer what is at `do/VERB.PHASE`. */
const script = (dir: string) => String.raw`#!/bin/sh
request=$(cat)
text() { printf '%s' "$request" | sed -nE "s/.*\"$1\":\"(([^\"\\]|\\\\.)*)\".*/\1/p"; }
case $1 in
  version) echo '{"apiVersions":["1.0"],"verbs":["plug_device","unplug_device"]}'; exit ;;
esac
phase=$(text phase)
case $request in *'"state":{"what":"kept"}'*) state=kept ;; *) state=null ;; esac
echo "$1.$phase $(text vnic_id) $state" >> ${dir}/journal
[ -e "${dir}/do/$1.$phase" ] && . "${dir}/do/$1.$phase"
domxml=$(text domxml | sed 's/bridge=\\"blue\\"/bridge=\\";vdsmdummy;\\"/')
printf '{"domxml":"%s","state":{"what":"kept"}}' "$domxml"
`
