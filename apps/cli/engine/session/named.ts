// Things by their name or their id, whichever somebody knows.
import type { EngineSession, Item } from './session.ts'

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/**
 * The one item of a collection with this name or id. `precisely`: what tells those of one name apart, and is taken for a
 * name too. Throws an Error that says what there is instead.
 */
export async function named(
  session: EngineSession,
  collection: string,
  what: string,
  name: string,
  precisely?: (item: Item) => string,
): Promise<Item> {
  if (uuid.test(name)) return session.ask('GET', `${collection}/${name}`)
  const all = await session.list(collection)
  const [found, ...others] = all.filter((item) => item.name === name || precisely?.(item) === name)
  if (!found) throw new Error(`there is no ${what} "${name}".${whatThereIs(all.map(precisely ?? nameOf))}`)
  if (others.length > 0) {
    const choice = [found, ...others].map(precisely ?? (({ id }) => id)).join(', ')
    throw new Error(`there are several ${what}s "${name}": say which${precisely ? '' : ' by its id'} (${choice})`)
  }
  return found
}

const nameOf = ({ name }: Item) => name

function whatThereIs(all: readonly string[]): string {
  if (all.length === 0) return ' There is none at all.'
  const names = all.slice(0, 8)
  return ` There ${all.length === 1 ? 'is' : 'are'} ${names.join(', ')}${all.length > 8 ? ', …' : ''}.`
}

/** id → name, of a whole collection. */
export async function namesIn(session: EngineSession, collection: string): Promise<(id: string | undefined) => string> {
  const names = new Map((await session.list(collection)).map(({ id, name }) => [id, name]))
  return (id) => (id === undefined ? '' : (names.get(id) ?? id))
}
