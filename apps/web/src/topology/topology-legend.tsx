// What the signs of the picture mean.

import type { NodeStatus } from '@patchbay/ovirt-api/types/topology.ts'
import { text } from '../text/topology.ts'
import { StatusSign } from './status-sign.tsx'

const order: readonly NodeStatus[] = ['up', 'changing', 'broken', 'off', 'unknown']

export function TopologyLegend() {
  return (
    <>
      <ul className="topology-legend" aria-label={text.legend}>
        {order.map((status) => (
          <li key={status}>
            <svg width="16" height="16" viewBox="-8 -8 16 16" aria-hidden="true">
              <StatusSign status={status} />
            </svg>
            {text.statuses[status]}
          </li>
        ))}
      </ul>
      <p className="topology-known-by">{text.knownBy}</p>
    </>
  )
}
