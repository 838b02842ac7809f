// Leaves the provider as it was: after each case what that case made, at the end whatever still tells the run's tag.
import { isObject, isSuccess } from './check.ts'
import type { Answer } from './exchange.ts'
import type { Ledger, Removal } from './ledger.ts'
import type { ProviderUnderTest, Row } from './provider-under-test.ts'

/** Users before what they use. */
const collections = ['floatingips', 'ports', 'routers', 'subnets', 'networks', 'security-groups']

export function removeNoted(provider: ProviderUnderTest, ledger: Ledger): Promise<void> {
  return ledger.removeAll(async ({ method, path, body }: Removal) => {
    const { status } = await provider.send(method, path, body)
    return status < 300 || status === 404
  })
}

/** Removes what nobody noted: made by a request whose answer was lost, or refused in words only. Answers what is left. */
export async function sweep(provider: ProviderUnderTest, ledger: Ledger): Promise<string[]> {
  await removeNoted(provider, ledger)
  try {
    for (const path of (await tracesOf(provider)).paths) await provider.send('DELETE', path)
    await removeNoted(provider, ledger)
    const { paths, unseen } = await tracesOf(provider)
    return [...new Set([...ledger.remaining(), ...paths, ...unseen])]
  } catch {
    return [...ledger.remaining(), `whatever is named ${provider.tag}-…: the provider did not answer`]
  }
}

interface Traces {
  /** Of what tells the run's tag, and of what is on its networks. */
  readonly paths: readonly string[]
  /** Where there may be more: a provider that has kept a bad value may be unable to list what has it. */
  readonly unseen: readonly string[]
}

async function tracesOf(provider: ProviderUnderTest): Promise<Traces> {
  const found: (readonly [string, Row])[] = []
  const unseen: string[] = []
  for (const plural of collections) {
    const answer = await provider.send('GET', `/${plural}`)
    for (const row of rowsOf(answer, plural)) found.push([plural, row])
    if (answer.status >= 500 && answer.status !== 501)
      unseen.push(`whatever of ${plural} is named ${provider.tag}-…: GET /v2.0/${plural} answers ${answer.status}`)
  }
  const networks = found
    .filter(([plural, row]) => plural === 'networks' && tells(row, provider))
    .map(([, { id }]) => id)
  const paths = found
    .filter(([, row]) => tells(row, provider) || networks.includes(String(row.network_id)))
    .filter(([, row]) => !/^network:/.test(String(row.device_owner ?? '')))
    .map(([plural, { id }]) => `/${plural}/${encodeURIComponent(id)}`)
  return { paths, unseen }
}

function rowsOf(answer: Answer, plural: string): Row[] {
  const rows = isSuccess(answer) && isObject(answer.body) ? answer.body[plural.replaceAll('-', '_')] : undefined
  return Array.isArray(rows) ? rows : []
}

const tells = (row: Row, { tag }: ProviderUnderTest) => JSON.stringify(row).includes(tag)
