// Whether the provider has a part of Neutron that it may leave out.
import { isObject, isSuccess } from '../check.ts'
import type { ProviderUnderTest } from '../provider-under-test.ts'

/** Why the collection is not there; undefined when it is. */
export async function absentCollection(
  provider: ProviderUnderTest,
  plural: string,
  alias: string,
): Promise<string | undefined> {
  const extensions = await extensionsOf(provider)
  if (extensions && !extensions.includes(alias)) return notListed(alias)
  const answer = await provider.send('GET', `/${plural}`)
  return isSuccess(answer) ? undefined : `GET /v2.0/${plural} is answered ${answer.status}`
}

/** For what is no collection: whoever does not list it does not have it. */
export async function absentExtension(provider: ProviderUnderTest, alias: string): Promise<string | undefined> {
  return (await extensionsOf(provider))?.includes(alias) ? undefined : notListed(alias)
}

/** Their aliases; undefined where the provider has no such list. */
async function extensionsOf(provider: ProviderUnderTest): Promise<unknown[] | undefined> {
  const { body } = await provider.send('GET', '/extensions')
  if (!isObject(body) || !Array.isArray(body.extensions)) return undefined
  return body.extensions.map((each) => (isObject(each) ? each.alias : undefined))
}

const notListed = (alias: string) => `GET /v2.0/extensions does not list '${alias}'`
