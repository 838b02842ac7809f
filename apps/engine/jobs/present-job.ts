// A job and its steps as the API shows them.
import type { Job, JobStep } from './job-log.ts'

export const presentJob = (job: Job) => ({
  description: job.description,
  status: job.status,
  start_time: job.startTime,
  end_time: job.endTime || undefined,
  last_updated: job.lastUpdated,
  auto_cleared: true,
  external: false,
  owner: job.owner === '' ? undefined : { name: job.owner },
  correlation_id: job.correlationId || undefined,
  status_detail: job.reason || undefined,
  steps: job.steps.map((step) => ({ id: step.id, ...presentStep(step) })),
})

export const presentStep = ({ number, description, status, startTime, endTime, progress }: JobStep) => ({
  number,
  description,
  type: 'executing',
  status,
  start_time: startTime,
  end_time: endTime || undefined,
  progress,
})
