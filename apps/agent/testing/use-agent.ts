// What most tests of the agent begin with: one host of a laboratory, and an agent on it.
import { after, before } from 'node:test'
import type { LabHost } from '../../../lab/hosts/lab-host.ts'
import { createLab } from '../../../lab/lab.ts'
import { type LabAgent, type LabAgentOptions, startLabAgent } from './lab-agent.ts'

/** Within a `describe`: `take` is called with the agent before its tests; both are gone after them. */
export function useAgent(
  take: (agent: LabAgent) => void,
  optionsOn: (host: LabHost) => LabAgentOptions = () => ({}),
): void {
  const resources = new AsyncDisposableStack()
  before(async () => {
    const lab = resources.use(await createLab({ hosts: ['host-a'] }))
    const host = lab.host('host-a')
    take(resources.use(await startLabAgent(host, optionsOn(host))))
  })
  after(() => resources.disposeAsync())
}
