// What is connected to what: ours, in the style of oVirt's types.
import { bool, choice, int, list, type ResourceOf, resource, struct, text } from '../element.ts'

const status = choice('up', 'changing', 'broken', 'off', 'unknown')

export const topologyType = resource('topology', 'topologies', {
  /** vNICs that match, and those of them that are broken: also where they are shown as groups. */
  nics: int,
  broken: int,
  nodes: list(
    'node',
    struct({
      /** Of this picture; the same for the same thing. */
      key: text,
      kind: choice('provider', 'network', 'port', 'nic', 'vm', 'host'),
      /** Of the one thing that it is; absent for a group. */
      object: text,
      /** The VM of a vNIC or a port. */
      vm: text,
      name: text,
      status,
      /** In the words of its resource, of a vNIC why it is as it is: `unplugged`. */
      state: text,
      /** Of a group: how many things it stands for. */
      members: int,
      nics: int,
      broken: int,
      /** What `expand` must name for more of it. */
      expand: text,
      /** It is expanded now. */
      expanded: bool,
    }),
  ),
  links: list('link', struct({ from: text, to: text, nics: int, status })),
})

type Node = NonNullable<ResourceOf<typeof topologyType>['nodes']>[number]
export type NodeKind = NonNullable<Node['kind']>
export type NodeStatus = NonNullable<Node['status']>
