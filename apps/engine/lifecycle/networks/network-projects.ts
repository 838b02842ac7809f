// Which project a provider's network belongs to. It never changes, so that each is asked for once.
import type { Answered, NetworkingClient } from '@patchbay/networking-api/client/client.ts'
import type { Network } from '@patchbay/networking-api/resources/networks.ts'

/** Network → project; '' for none. As long as the connection to the provider. */
const known = new WeakMap<NetworkingClient, Map<string, string>>()

const mostKnown = 50_000

export async function projectOf(client: NetworkingClient, networkId: string): Promise<string> {
  const project = known.get(client)?.get(networkId)
  if (project !== undefined) return project
  const network = await client.networks.get(networkId)
  learnProjects(client, [network])
  return network.tenant_id ?? ''
}

/** All networks; their projects are known from now on. */
export async function* networkPages(client: NetworkingClient): ReturnType<NetworkingClient['networks']['pages']> {
  for await (const page of client.networks.pages()) {
    learnProjects(client, page)
    yield page
  }
}

function learnProjects(client: NetworkingClient, networks: readonly Answered<Network>[]): void {
  const projects = known.get(client) ?? new Map<string, string>()
  known.set(client, projects)
  for (const { id, tenant_id } of networks) if (projects.size < mostKnown) projects.set(id, tenant_id ?? '')
}
