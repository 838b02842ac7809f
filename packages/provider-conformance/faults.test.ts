// Each fault of a provider is noticed by the right case, told with its rule, and nothing is left of the run.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startTestProvider } from '../../apps/provider/testing/test-provider.ts'
import { checkProvider } from './check-provider.ts'
import type { GroupName } from './conformance-case.ts'
import { allGroups } from './groups/all.ts'
import { holds } from './report.ts'
import { textReport } from './reporters/text.ts'
import { engineFaults } from './testing/engine-faults.ts'
import { startFaultyProxy } from './testing/faulty-proxy.ts'
import { otherFaults } from './testing/other-faults.ts'

const administrator = { name: 'admin', password: 'secret' }

for (const { what, fails, fault, identity, leaves } of [...engineFaults, ...otherFaults])
  test(`${fails} fails for a provider that ${what}`, async (t) => {
    const group = fails.split('/')[0] as GroupName
    const good = await startTestProvider(t, group === 'identity' ? { administrator } : {})
    const proxy = await startFaultyProxy(t, identity ? new URL(good.identityUrl!).origin : good.url, fault)
    const authUrl = identity ? `${proxy.url}/v2.0` : good.identityUrl!
    const report = await checkProvider({
      url: identity ? good.url : proxy.url,
      groups: [group],
      timeoutMs: 10_000,
      ...(group === 'identity' && {
        credentials: { authUrl, username: administrator.name, password: administrator.password, domain: 'Default' },
      }),
    })
    const found = report.results.find(({ id }) => id === fails)!
    assert.equal(
      found.outcome,
      'failed',
      `${fails}: ${JSON.stringify(report.results.filter(({ outcome }) => outcome === 'failed'))}`,
    )
    const text = textReport(report, allGroups)
    assert.ok(text.includes(`✗ ${fails}: ${found.rule}`) && text.includes(found.reason), text)
    assert.equal(holds(report), found.level !== 'required' && !leaves && !otherRequired(report.results))
    assert.equal(report.leftovers.length > 0, leaves === true)
    if (!leaves && group !== 'identity') {
      for (const plural of ['networks', 'subnets', 'ports'])
        assert.deepEqual((await good.send('GET', `/${plural}`)).body, { [plural]: [] })
    }
  })

const otherRequired = (results: readonly { outcome: string; level: string }[]) =>
  results.some(({ outcome, level }) => outcome === 'failed' && level === 'required')
