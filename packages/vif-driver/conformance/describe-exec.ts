// Checks of the exec protocol that need no runner in between: what the executable itself does with what it is given.
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { type DriverErrorKind, driverErrors } from '../driver-error.ts'
import type { BedHost } from './bed.ts'
import { isModule } from './skip-reasons.ts'
import type { Trial } from './trial.ts'

interface Said {
  readonly exitCode: number | undefined
  readonly reply: Record<string, unknown>
}

export function describeExec(trial: () => Trial): void {
  const check = (name: string, work: (host: BedHost) => Promise<void>) =>
    test(name, async (t: TestContext) => {
      if (!trial().host.execute) return t.skip(isModule)
      await work(trial().host)
      await trial().assertNothingLeft()
    })

  check('[EXEC-4] [EXEC-6] version answers the versions of the API and the verbs, and exits with 0', async (host) => {
    const { exitCode, reply } = await ask(host, 'version')
    assert.equal(exitCode, 0)
    assert(Array.isArray(reply.apiVersions) && reply.apiVersions.includes('1.0'), `apiVersions: ${reply.apiVersions}`)
    assert(Array.isArray(reply.verbs), `verbs: ${reply.verbs}`)
    assert.partialDeepStrictEqual(new Set(reply.verbs), new Set(['plug_device', 'unplug_device']))
  })

  check(
    '[EXEC-3] [EXEC-5] [EXEC-8] a request that is not whole is invalid-request, and nothing is done',
    async (host) => {
      const { domxml, properties } = await trial().bed.newNic()
      const whole = requestTo(host, 'plug_device', { phase: 'before', domxml, properties })
      for (const text of ['', whole.slice(0, -1), '[]', requestTo(host, 'plug_device', {})])
        assertFailed(await said(host, 'plug_device', text), 'invalid-request')
    },
  )

  check('[EXEC-5] [EXEC-7] a verb that the driver does not have is unsupported', async (host) => {
    assertFailed(await ask(host, 'fly_device'), 'unsupported')
  })

  check('[EXEC-9] what the driver does not know in a request changes nothing', async (host) => {
    assert.deepEqual(await ask(host, 'version', { colour: 'blau, größer' }), await ask(host, 'version'))
  })
}

const requestTo = ({ requestParts }: BedHost, verb: string, given: object) =>
  JSON.stringify({ apiVersion: '1.0', verb, timeoutMs: 30_000, ...requestParts, ...given })

const ask = (host: BedHost, verb: string, given: object = {}) => said(host, verb, requestTo(host, verb, given))

async function said(host: BedHost, verb: string, request: string): Promise<Said> {
  const { exitCode, stdout } = await host.execute!(verb, request)
  const reply: unknown = JSON.parse(stdout)
  assert(typeof reply === 'object' && reply !== null && !Array.isArray(reply), `an object was expected: ${stdout}`)
  return { exitCode, reply: reply as Said['reply'] }
}

function assertFailed({ exitCode, reply }: Said, kind: DriverErrorKind): void {
  assert(exitCode !== undefined && exitCode > 0, `exit code ${exitCode}`)
  const { code, message } = (reply.error ?? {}) as { code?: unknown; message?: unknown }
  assert.equal(code, driverErrors[kind], `${kind} was expected: ${JSON.stringify(reply)}`)
  assert.match(String(message), /^\S.*\S$/, 'the message is one line')
}
