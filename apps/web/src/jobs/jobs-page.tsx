// What the engine works on or has just done.

import { jobType } from '@patchbay/ovirt-api/types/jobs.ts'
import { Progress, ProgressMeasureLocation, ProgressSize } from '@patternfly/react-core'
import type { Shown } from '../engine/resource.ts'
import { LinkButton } from '../feedback/link-button.tsx'
import { Moment } from '../feedback/moment.tsx'
import { Nothing } from '../feedback/nothing.tsx'
import { Status } from '../feedback/status.tsx'
import { ListPage } from '../list/list-page.tsx'
import type { Column } from '../list/resource-table.tsx'
import { text } from '../text/jobs.ts'
import { text as navigation } from '../text/navigation.ts'
import './jobs.css'

type Job = Shown<typeof jobType>

const columns: readonly Column<Job>[] = [
  { title: text.description, cell: ({ description }) => description },
  { title: text.state, cell: ({ status, status_detail }) => <Status status={status} detail={status_detail} /> },
  { title: text.progress, cell: (job) => <JobProgress job={job} /> },
  { title: text.started, cell: ({ start_time }) => <Moment at={start_time} /> },
  { title: text.ended, cell: ({ end_time }) => <Moment at={end_time} /> },
  { title: text.who, cell: ({ owner }) => owner?.name },
]

export function JobsPage() {
  return (
    <ListPage
      title={text.title}
      type={jobType}
      path="/jobs"
      columns={columns}
      searchHint={text.searchHint}
      empty={
        <Nothing title={text.empty} body={text.emptyWhy} action={<LinkButton to="/vms">{navigation.vms}</LinkButton>} />
      }
    />
  )
}

/** By steps, with the name of the one that is done now, and how far that is where its host tells. */
function JobProgress({ job: { steps = [], description = '', status } }: { job: Job }) {
  if (steps.length === 0) return null
  const done = steps.filter((step) => step.status === 'finished').length
  const current = steps.find((step) => step.status === 'started')
  return (
    <Progress
      className="job-progress"
      value={done + (current?.progress ?? 0) / 100}
      max={steps.length}
      label={`${done}/${steps.length}`}
      valueText={`${done}/${steps.length}`}
      measureLocation={ProgressMeasureLocation.outside}
      size={ProgressSize.sm}
      aria-label={text.progressOf(description)}
      {...(current && { title: text.step(current.description ?? '', current.progress) })}
      {...(status === 'failed' && { variant: 'danger' })}
    />
  )
}
