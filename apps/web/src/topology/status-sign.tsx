// A status as a small shape: each has its own, besides its colour.
import type { NodeStatus } from '@patchbay/ovirt-api/types/topology.ts'

/** Around (0, 0), 12 units wide. */
const shapes: Readonly<Record<NodeStatus, string>> = {
  // A disc with a tick.
  up: 'M-6 0a6 6 0 1 0 12 0a6 6 0 1 0 -12 0M-3 0l2 2.5l4 -5',
  // A diamond.
  changing: 'M0 -6L6 0L0 6L-6 0Z',
  // A triangle with an exclamation mark.
  broken: 'M0 -6L6.5 5.5H-6.5ZM0 -2.5V1.5M0 3.2V4',
  // A square with a bar.
  off: 'M-5 -5H5V5H-5ZM-2.5 0H2.5',
  // A ring.
  unknown: 'M-5 0a5 5 0 1 0 10 0a5 5 0 1 0 -10 0',
}

export function StatusSign({ status, x = 0, y = 0 }: { status: NodeStatus; x?: number; y?: number }) {
  return <path className={`status-sign is-${status}`} d={shapes[status]} transform={`translate(${x} ${y})`} />
}
