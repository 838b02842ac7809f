// Set up a host's networks: all at once on the host, which takes them back itself when it loses the engine.
import { setTimeout as delay } from 'node:timers/promises'
import { Fault } from '../../faults.ts'
import { recordCapabilities } from '../../hosts/host-capabilities.ts'
import { isAsAsked, withoutWhatIsGone } from '../../hosts/setup-outcome.ts'
import type { SetupParameters } from '../../hosts/setup-parameters.ts'
import type { NetworkAttachment, NicLabel } from '../../store/entities/host-networks.ts'
import type { HostCapabilities } from '../../store/entities/infrastructure.ts'
import type { Parts } from '../workflows/parts.ts'
import type { Workflow } from '../workflows/workflow.ts'

export interface SetupHostNetworksState {
  readonly hostId: string
  readonly parameters: SetupParameters
  /** As they are then. */
  readonly attachments: readonly NetworkAttachment[]
  readonly removedIds: readonly string[]
  /** Both absent in what an earlier version of the engine began. */
  readonly labels?: readonly NicLabel[]
  readonly removedLabelIds?: readonly string[]
}

export const setupHostNetworks: Workflow<SetupHostNetworksState, Parts> = {
  kind: 'setup-host-networks',
  locks: ({ hostId }) => [`host:${hostId}`],
  onFailure: 'undo',
  steps: [
    {
      name: 'set them up on the host',
      async run({ hostId, parameters }, parts) {
        // Labels alone are nothing to the host.
        const { networks, bondings } = parameters
        if (Object.keys({ ...networks, ...bondings }).length > 0) await setUp(parts, hostId, parameters)
        return undefined
      },
      async record({ hostId, attachments, removedIds, labels = [], removedLabelIds = [] }, tables) {
        for (const id of [...removedLabelIds, ...labels.map((label) => label.id)]) await tables.nicLabels.remove(id)
        for (const label of labels) await tables.nicLabels.insert(label)
        for (const id of removedIds) await tables.networkAttachments.remove(id)
        for (const attachment of attachments) {
          // The host may have told of it already.
          for (const { id } of await tables.networkAttachments.find({ hostId, networkId: attachment.networkId }))
            await tables.networkAttachments.remove(id)
          if (await tables.networks.get(attachment.networkId))
            await tables.networkAttachments.insert({ ...attachment, awaits: '' })
        }
      },
    },
    {
      name: 'ask it what it has',
      async run({ hostId }, parts) {
        const client = { call: (method: string, params: object) => parts.hosts.callAgain(hostId, method, params) }
        // It is asked anyway when it is back.
        await recordCapabilities(parts, { id: hostId }, client).catch((err) =>
          parts.log.warn({ host: hostId, err }, 'the host did not tell what it has'),
        )
        return undefined
      },
    },
  ],
}

/** More than the host waits for the engine, so that the host answers first. */
const moreMs = 60_000

/** May be done again after a crash: what is gone is not removed twice. */
async function setUp({ hosts }: Parts, hostId: string, asked: SetupParameters): Promise<void> {
  const waitMs = asked.options.connectivityTimeout * 1000
  const told = () =>
    hosts.callAgain(hostId, 'Host.getNetworkCapabilities', {}, { patienceMs: waitMs }) as Promise<HostCapabilities>
  const parameters = withoutWhatIsGone(asked, await told())
  const ended = new AbortController()
  const polling = parameters.options.connectivityCheck ? confirm(hosts, hostId, ended.signal) : undefined
  try {
    await hosts.call(hostId, 'Host.setupNetworks', parameters, { timeoutMs: waitMs + moreMs })
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    // The answer was lost on the way, maybe because of the change itself.
    if (!isAsAsked(asked, await told().catch(() => undefined))) throw error
  } finally {
    ended.abort()
    await polling
  }
}

const pollMs = { every: 500, patience: 1_000, timeout: 2_000 }

/** The host hears from the engine, over a new connection if need be. */
async function confirm(hosts: Parts['hosts'], hostId: string, signal: AbortSignal): Promise<void> {
  const how = { patienceMs: pollMs.patience, timeoutMs: pollMs.timeout }
  while (!signal.aborted) {
    await hosts.call(hostId, 'Host.confirmConnectivity', {}, how).catch(() => {})
    await delay(pollMs.every, undefined, { signal }).catch(() => {})
  }
}
