import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type HookEnvironmentParts, hookEnvironment } from './hook-environment.ts'

const parts: HookEnvironmentParts = {
  base: { PATH: '/bin' },
  hookingPath: '/hooking',
  runDir: '/run/vdsm',
  dataFile: { variable: '_hook_domxml', path: '/tmp/data' },
}

test('an external NIC brings its port, its VM and the path of its XML', () => {
  const params = { vnic_id: 'p1', provider_type: 'EXTERNAL_NETWORK', plugin_type: 'OVIRT_PROVIDER_OVN' }
  const vm = { vmId: 'vm1', custom: { sap_agent: 'true' } }
  assert.deepEqual(hookEnvironment({ ...parts, params, vm }), {
    PATH: '/bin',
    vnic_id: 'p1',
    provider_type: 'EXTERNAL_NETWORK',
    plugin_type: 'OVIRT_PROVIDER_OVN',
    sap_agent: 'true',
    vmId: 'vm1',
    PYTHONPATH: ':/hooking',
    _hook_domxml: '/tmp/data',
  })
})

test('VM properties override device properties, which override the agent, and nothing overrides vmId', () => {
  const env = hookEnvironment({
    ...parts,
    base: { a: 'agent', b: 'agent', c: 'agent' },
    params: { b: 'device', c: 'device', vmId: 'device', _hook_domxml: 'device' },
    vm: { vmId: 'vm1', custom: { c: 'vm', vmId: 'vm' } },
  })
  const { a, b, c, vmId, _hook_domxml } = env
  assert.deepEqual([a, b, c, vmId, _hook_domxml], ['agent', 'device', 'vm', 'vm1', '/tmp/data'])
})

test('the folder of hooking is appended to PYTHONPATH', () => {
  const env = hookEnvironment({ ...parts, base: { PYTHONPATH: '/a:/b' } })
  assert.equal(env.PYTHONPATH, '/a:/b:/hooking')
})

test('only one kind of data file is announced', () => {
  const base = { _hook_domxml: 'stale', _hook_json: 'stale' }
  const env = hookEnvironment({ ...parts, base, dataFile: { variable: '_hook_json', path: '/tmp/data' } })
  assert.deepEqual(env, { PYTHONPATH: ':/hooking', _hook_json: '/tmp/data' })
})

test('the run folder is announced if it is not that of VDSM', () => {
  assert.equal(hookEnvironment(parts).PATCHBAY_RUN_DIR, undefined)
  assert.equal(hookEnvironment({ ...parts, runDir: '/lab/run' }).PATCHBAY_RUN_DIR, '/lab/run')
})
