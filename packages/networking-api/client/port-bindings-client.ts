// What a client asks of a provider's port bindings (`binding-extended`). Everything may be asked again.
import { ProviderError } from './provider-error.ts'

export interface PortBindingsClient {
  /** Whether the provider has this extension of Neutron. */
  areOffered(): Promise<boolean>
  /** The port may be wired at this host besides, until one of the two is activated. */
  prepare(portId: string, host: string, attributes?: object): Promise<void>
  /** The port is at this host from now on. False: nothing was prepared there, and nothing has changed. */
  activate(portId: string, host: string): Promise<boolean>
  /** True if it is gone now, false if it was gone already. */
  remove(portId: string, host: string): Promise<boolean>
}

type Send = (
  method: 'GET' | 'POST' | 'PUT' | 'DELETE',
  path: string,
  body?: object,
  accept?: readonly number[],
) => Promise<{ status: number }>

export function createPortBindingsClient(send: Send): PortBindingsClient {
  const bindings = (portId: string) => `/ports/${encodeURIComponent(portId)}/bindings`
  const one = (portId: string, host: string) => `${bindings(portId)}/${encodeURIComponent(host)}`
  /** A provider may learn it, but does not forget it. */
  let offered = false
  return {
    async areOffered() {
      offered ||= await isAnswered(send('GET', '/extensions/binding-extended'))
      return offered
    },
    prepare: async (portId, host, attributes) =>
      void (await send('POST', bindings(portId), { binding: { ...attributes, host } }, [alreadyThere])),
    activate: async (portId, host) =>
      (await send('PUT', `${one(portId, host)}/activate`, undefined, [notThere, alreadyThere])).status !== notThere,
    remove: async (portId, host) =>
      (await send('DELETE', one(portId, host), undefined, [notThere])).status !== notThere,
  }
}

const notThere = 404
/** Also: already active. */
const alreadyThere = 409

/** Who has no extensions may say so in many ways. */
async function isAnswered(asking: Promise<unknown>): Promise<boolean> {
  try {
    await asking
    return true
  } catch (error) {
    if (error instanceof ProviderError && error.failure === 'rejected' && error.status! < 500) return false
    throw error
  }
}
