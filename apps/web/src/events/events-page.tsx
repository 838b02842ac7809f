// What happened: the audit log, the newest first.

import { eventType } from '@patchbay/ovirt-api/types/events.ts'
import { Label } from '@patternfly/react-core'
import { Link } from '@tanstack/react-router'
import type { Shown } from '../engine/resource.ts'
import { LinkButton } from '../feedback/link-button.tsx'
import { Moment } from '../feedback/moment.tsx'
import { Nothing } from '../feedback/nothing.tsx'
import { ListPage } from '../list/list-page.tsx'
import type { Column } from '../list/resource-table.tsx'
import { text } from '../text/events.ts'
import { text as navigation } from '../text/navigation.ts'

const statusOf = { normal: 'info', warning: 'warning', error: 'danger', alert: 'danger' } as const

type Event = Shown<typeof eventType>

const columns: readonly Column<Event>[] = [
  {
    title: text.severity,
    cell: ({ severity = 'normal' }) => (
      <Label isCompact variant="outline" status={statusOf[severity]}>
        {severity}
      </Label>
    ),
  },
  { title: text.time, cell: ({ time }) => <Moment at={time} /> },
  { title: text.description, cell: ({ description }) => description },
  { title: text.about, cell: (event) => <About event={event} /> },
  { title: text.correlationId, cell: ({ correlation_id }) => correlation_id },
]

/** Where one can look further: of what is gone, the page says so. */
function About({ event: { vm, host } }: { event: Event }) {
  return (
    <div className="cell-of-names">
      {vm?.id && (
        <Link to="/vms/$id" params={{ id: vm.id }}>
          {vm.name}
        </Link>
      )}
      {host?.id && (
        <Link to="/hosts/$id" params={{ id: host.id }}>
          {host.name}
        </Link>
      )}
    </div>
  )
}

export function EventsPage() {
  return (
    <ListPage
      title={text.title}
      type={eventType}
      path="/events"
      columns={columns}
      searchHint={text.searchHint}
      empty={
        <Nothing
          title={text.empty}
          body={text.emptyWhy}
          action={<LinkButton to="/providers">{navigation.providers}</LinkButton>}
        />
      }
    />
  )
}
