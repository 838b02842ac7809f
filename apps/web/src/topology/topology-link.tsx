// From the page of a thing to what it is connected to.
import { LinkButton } from '../feedback/link-button.tsx'
import { useRights } from '../rights/use-rights.ts'
import { text } from '../text/topology.ts'
import type { TopologyFilter } from './topology-place.ts'

export function TopologyLink({ filter }: { filter: TopologyFilter }) {
  const { isAdministrator } = useRights()
  if (!isAdministrator) return null
  return (
    <LinkButton to="/topology" search={filter}>
      {text.open}
    </LinkButton>
  )
}
