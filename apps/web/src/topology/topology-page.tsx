// What is connected to what, as it is now: a picture, or the same as a table. What is shown stands in the address.
import { topologyType } from '@patchbay/ovirt-api/types/topology.ts'
import { Content, Flex, FlexItem, PageSection, ToggleGroup, ToggleGroupItem } from '@patternfly/react-core'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { single } from '../engine/queries.ts'
import { LinkButton } from '../feedback/link-button.tsx'
import { Loaded } from '../feedback/loaded.tsx'
import { Nothing } from '../feedback/nothing.tsx'
import { text as navigation } from '../text/navigation.ts'
import { text } from '../text/topology.ts'
import { TopologyFilters } from './topology-filters.tsx'
import { TopologyLegend } from './topology-legend.tsx'
import { linksOf, nodesOf, type Topology } from './topology-nodes.ts'
import { TopologyPicture } from './topology-picture.tsx'
import { isNarrowed, type TopologyPlace, topologyQuery } from './topology-place.ts'
import { TopologyTable } from './topology-table.tsx'
import './topology.css'

/** Whatever it is made of. */
const kinds = ['openstack_network_provider', 'network', 'vnic_profile', 'nic', 'vm', 'host', 'cluster']

export function TopologyPage() {
  const place: TopologyPlace = useSearch({ from: '/topology' })
  const navigate = useNavigate()
  const go = (change: TopologyPlace) => void navigate({ to: '/topology', search: { ...place, ...change } })
  const query = useQuery({
    ...single(topologyType, `/topology?${topologyQuery(place)}`),
    placeholderData: keepPreviousData,
    meta: { kinds },
  })
  return (
    <>
      <PageSection>
        <Flex alignItems={{ default: 'alignItemsCenter' }}>
          <FlexItem>
            <Content component="h1">{text.title}</Content>
          </FlexItem>
          <FlexItem aria-live="polite">
            {query.data && text.summary(query.data.nics ?? 0, query.data.broken ?? 0)}
          </FlexItem>
          <FlexItem align={{ default: 'alignRight' }}>
            <Views view={place.view} onChange={(view) => go({ view })} />
          </FlexItem>
        </Flex>
      </PageSection>
      <PageSection isFilled>
        <TopologyFilters place={place} go={go} />
        <Loaded query={query}>{(topology) => <Drawn topology={topology} place={place} />}</Loaded>
      </PageSection>
    </>
  )
}

interface ViewsProps {
  readonly view: TopologyPlace['view']
  readonly onChange: (view: TopologyPlace['view']) => void
}

function Views({ view, onChange }: ViewsProps) {
  return (
    <ToggleGroup aria-label={text.view}>
      <ToggleGroupItem text={text.picture} isSelected={view === undefined} onChange={() => onChange(undefined)} />
      <ToggleGroupItem text={text.table} isSelected={view === 'table'} onChange={() => onChange('table')} />
    </ToggleGroup>
  )
}

function Drawn({ topology, place }: { topology: Topology; place: TopologyPlace }) {
  const nodes = nodesOf(topology)
  const links = linksOf(topology)
  if (nodes.length === 0)
    return isNarrowed(place) ? (
      <Nothing title={text.nothingFound} body={text.nothingFoundWhy} />
    ) : (
      <Nothing
        title={text.empty}
        body={text.emptyWhy}
        action={<LinkButton to="/providers">{navigation.providers}</LinkButton>}
      />
    )
  if (place.view === 'table') return <TopologyTable nodes={nodes} links={links} place={place} />
  return (
    <>
      <TopologyLegend />
      <TopologyPicture nodes={nodes} links={links} place={place} />
    </>
  )
}
