// Leaves the provider as it was: after each case what that case made, at the end whatever still tells the run's tag.
import { isObject, isSuccess } from './check.ts'
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
    for (const path of await tracesOf(provider)) await provider.send('DELETE', path)
    await removeNoted(provider, ledger)
    return [...new Set([...ledger.remaining(), ...(await tracesOf(provider))])]
  } catch {
    return [...ledger.remaining(), `whatever is named ${provider.tag}-…: the provider did not answer`]
  }
}

/** The paths of what tells the run's tag, and of what is on its networks. */
async function tracesOf(provider: ProviderUnderTest): Promise<string[]> {
  const found: (readonly [string, Row])[] = []
  for (const plural of collections) for (const row of await rowsOf(provider, plural)) found.push([plural, row])
  const networks = found
    .filter(([plural, row]) => plural === 'networks' && tells(row, provider))
    .map(([, { id }]) => id)
  return found
    .filter(([, row]) => tells(row, provider) || networks.includes(String(row.network_id)))
    .filter(([, row]) => !/^network:/.test(String(row.device_owner ?? '')))
    .map(([plural, { id }]) => `/${plural}/${encodeURIComponent(id)}`)
}

async function rowsOf(provider: ProviderUnderTest, plural: string): Promise<Row[]> {
  const answer = await provider.send('GET', `/${plural}`)
  const rows = isSuccess(answer) && isObject(answer.body) ? answer.body[plural.replaceAll('-', '_')] : undefined
  return Array.isArray(rows) ? rows : []
}

const tells = (row: Row, { tag }: ProviderUnderTest) => JSON.stringify(row).includes(tag)
