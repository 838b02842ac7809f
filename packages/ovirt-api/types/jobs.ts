// What the engine works on.
import { bool, choice, int, list, reference, resource, struct, text } from '../element.ts'

const status = choice('aborted', 'failed', 'finished', 'started', 'unknown')

const step = {
  number: int,
  description: text,
  type: text,
  status,
  start_time: text,
  end_time: text,
  /** Percent. */
  progress: int,
}

export const jobType = resource('job', 'jobs', {
  description: text,
  status,
  start_time: text,
  end_time: text,
  last_updated: text,
  auto_cleared: bool,
  external: bool,
  owner: reference,
  /** Ours, as the rest. */
  correlation_id: text,
  status_detail: text,
  steps: list('step', struct({ id: text, ...step })),
})

export const stepType = resource('step', 'steps', { ...step, job: reference })
