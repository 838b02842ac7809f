// From the page of a thing to what it is connected to.
import { Button } from '@patternfly/react-core'
import { Link } from '@tanstack/react-router'
import { useRights } from '../rights/use-rights.ts'
import { text } from '../text/topology.ts'
import type { TopologyFilter } from './topology-place.ts'

export function TopologyLink({ filter }: { filter: TopologyFilter }) {
  const { isAdministrator } = useRights()
  if (!isAdministrator) return null
  return (
    <Button
      variant="secondary"
      component={({ className, children }) => (
        <Link to="/topology" search={filter} className={className}>
          {children}
        </Link>
      )}
    >
      {text.open}
    </Button>
  )
}
