// The group `errors`: bad input is refused in the contract's words, and changes nothing.
import { must, mustRefuse, same, show } from '../../check.ts'
import { type CaseDraft, caseGroup } from '../../conformance-case.ts'
import type { ProviderUnderTest } from '../../provider-under-test.ts'
import { badPorts } from './bad-ports.ts'
import type { BadRequest } from './bad-request.ts'
import { badRequests } from './bad-requests.ts'
import { badSubnets } from './bad-subnets.ts'

const bad: readonly BadRequest[] = [...badRequests, ...badSubnets, ...badPorts]

const general: readonly CaseDraft[] = [
  {
    id: 'body',
    level: 'recommended',
    readOnly: true,
    rule: 'A refusal has the body {"NeutronError": {"type", "message", "detail"}} in JSON',
    source: 'Neutron: every error',
    async run(provider) {
      const answer = await provider.send('GET', `/networks/${crypto.randomUUID()}`)
      const { NeutronError: error } = (answer.body ?? {}) as { NeutronError?: Record<string, unknown> }
      must(error, `the body is ${show(answer.text)}`)
      for (const name of ['type', 'message', 'detail']) same(typeof error[name], 'string', `the kind of ${name}`)
      must(
        /\bjson\b/.test(String(answer.headers['content-type'])),
        `the content type is ${answer.headers['content-type']}`,
      )
    },
  },
]

export const errors = caseGroup('errors', "bad input gets the contract's error and changes nothing", [
  ...general,
  ...bad.filter(({ essential }) => essential).map(refusedCase),
  ...bad.map(wordsCase),
])

function refusedCase({ id, what, status, type, readOnly, request }: BadRequest): CaseDraft {
  return {
    id,
    level: 'required',
    ...(readOnly && { readOnly }),
    rule: `${what} is refused with an error, and nothing is changed`,
    source: `Neutron answers ${status} ${type}`,
    async run(provider) {
      const { method, path, body, raw } = await request(provider)
      const before = await ours(provider)
      const answer = await provider.send(method, path, body, raw === undefined ? {} : { raw })
      must(answer.status >= 400, `the request is accepted with ${answer.status}`)
      same(await ours(provider), before, 'what there is afterwards')
    },
  }
}

function wordsCase({ id, what, status, type, essential, readOnly, request }: BadRequest): CaseDraft {
  return {
    id: essential ? `${id}-error` : id,
    level: 'recommended',
    ...(readOnly && { readOnly }),
    rule: `${what} is answered ${status} ${type}, and nothing is changed`,
    source: 'Neutron, measured',
    async run(provider) {
      const { method, path, body, raw } = await request(provider)
      const before = await ours(provider)
      mustRefuse(await provider.send(method, path, body, raw === undefined ? {} : { raw }), status, type)
      same(await ours(provider), before, 'what there is afterwards')
    },
  }
}

/** What this run has made: others may use the provider at the same time. */
async function ours(provider: ProviderUnderTest): Promise<unknown> {
  if (provider.settings.readOnly) return undefined
  const networks = (await provider.list('networks')).filter((row) => JSON.stringify(row).includes(provider.tag))
  const ids = networks.map(({ id }) => id)
  const parts = [...(await provider.list('subnets')), ...(await provider.list('ports'))]
  return [...networks, ...parts.filter(({ network_id: id }) => ids.includes(id as string))]
}
