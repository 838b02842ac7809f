// The underlay of a lab: a bridge in the hub, one cable to each host and one to the root namespace.
import type { Stream } from 'node:stream'
import type { HostPlan, LabPlan } from '../lab-plan.ts'
import { allDone } from '../processes/all-done.ts'
import { runCommand } from '../processes/command.ts'

/** A host's link to the underlay. */
export const UNDERLAY_LINK = 'underlay0'

/** Overlays must carry frames of 1500 bytes: VXLAN adds 50 bytes, Geneve with OVN's options 58, over IPv6 20 more. */
export const UNDERLAY_MTU = 1600

const UNDERLAY_BRIDGE = 'underlay'

/** All namespaces and links, still unconnected: one call of ip, as each call costs more than a line. */
export async function createLinks(plan: LabPlan, lifeline?: Stream): Promise<void> {
  const mtu = `mtu ${UNDERLAY_MTU}`
  await ipBatch(
    [
      ...[plan.hub, ...plan.hosts.map((host) => host.namespace)].map((namespace) => `netns add ${namespace}`),
      // Multicast goes everywhere: with snooping, whoever sends queries on the underlay would decide what VXLAN receives.
      `link add ${UNDERLAY_BRIDGE} netns ${plan.hub} ${mtu} type bridge mcast_snooping 0`,
      `link add ${plan.rootLink} ${mtu} type veth peer name root netns ${plan.hub} ${mtu}`,
      ...plan.hosts.map(
        ({ namespace, hubPort }) =>
          `link add ${UNDERLAY_LINK} netns ${namespace} ${mtu} type veth peer name ${hubPort} netns ${plan.hub} ${mtu}`,
      ),
      `address add ${plan.address}/24 dev ${plan.rootLink}`,
      `link set ${plan.rootLink} up`,
    ],
    { lifeline },
  )
}

export async function connectLinks(plan: LabPlan, lifeline?: Stream): Promise<void> {
  await allDone([
    ipBatch(hubLines(plan), { namespace: plan.hub, lifeline }),
    ...plan.hosts.map((host) => ipBatch(hostLines(host), { namespace: host.namespace, lifeline })),
  ])
}

const hubLines = (plan: LabPlan) => [
  `link set ${UNDERLAY_BRIDGE} up`,
  ...['root', ...plan.hosts.map((host) => host.hubPort)].map((port) => `link set ${port} master ${UNDERLAY_BRIDGE} up`),
]

const hostLines = (host: HostPlan) => [
  'link set lo up',
  `address add ${host.address}/24 dev ${UNDERLAY_LINK}`,
  `link set ${UNDERLAY_LINK} up`,
]

interface BatchOptions {
  namespace?: string
  lifeline?: Stream | undefined
}

export async function ipBatch(lines: readonly string[], { namespace, lifeline }: BatchOptions = {}): Promise<void> {
  const inNamespace = namespace ? ['-n', namespace] : []
  await runCommand(['ip', ...inNamespace, '-batch', '-'], { input: `${lines.join('\n')}\n`, lifeline })
}
