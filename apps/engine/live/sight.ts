// What a reader of the live stream is told: what the reader may see, by the rights of the moment.
import { apiPath } from '@patchbay/ovirt-api/api-path.ts'
import type { Access } from '../access/access.ts'
import { type NamedKind, objectCollections, on } from '../access/objects.ts'
import { mayView } from '../access/rules/rule.ts'
import { actingUser } from '../acting-user.ts'
import type { Tables } from '../store/store.ts'
import type { ResourceChange } from './changed-resources.ts'
import type { Message } from './messages.ts'

export type Sight = (message: Message) => Promise<boolean>

/** Of whoever asks now; undefined for those who may do everything, and will. */
export async function sightOf(access: Access, tables: Tables): Promise<Sight | undefined> {
  const name = actingUser()
  const first = await access.current()
  if (!first) return undefined
  return async (message) => {
    const rights = await access.rightsOf(name)
    if (rights.seesEverything) return true
    if (message.kind === 'event') return message.userName === name
    if (message.kind === 'job') return message.owner === name
    const thing = thingOf(message.change)
    if (!thing) return false
    // What is gone cannot be looked at: that is told to all, who learn nothing but its id.
    return message.change.change === 'removed' || mayView(tables, rights, thing)
  }
}

/** What permissions are given on, to which the changed resource belongs: `/vms/{id}/nics/{id}` is of the VM. */
function thingOf({ href }: ResourceChange) {
  const [collection, id] = href.slice(apiPath.length + 1).split('/')
  const kind = (Object.keys(objectCollections) as NamedKind[]).find((each) => objectCollections[each] === collection)
  return kind && on(kind, decodeURIComponent(id ?? ''))
}
