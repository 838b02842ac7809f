// Whether the provider has a part of Neutron that it may leave out.
import { isObject, isSuccess } from '../check.ts'
import type { ProviderUnderTest } from '../provider-under-test.ts'

/** Why the collection is not there; undefined when it is. */
export async function absentCollection(
  provider: ProviderUnderTest,
  plural: string,
  alias: string,
): Promise<string | undefined> {
  const { body } = await provider.send('GET', '/extensions')
  const extensions = isObject(body) && Array.isArray(body.extensions) ? body.extensions : undefined
  if (extensions && !extensions.some((each) => isObject(each) && each.alias === alias))
    return `GET /v2.0/extensions does not list '${alias}'`
  const answer = await provider.send('GET', `/${plural}`)
  return isSuccess(answer) ? undefined : `GET /v2.0/${plural} is answered ${answer.status}`
}
