// /jobs: what the engine works on or has just done, and its steps.
import { jobType, stepType } from '@patchbay/ovirt-api/types/jobs.ts'
import type { FastifyInstance } from 'fastify'
import { Fault } from '../faults.ts'
import type { Job, JobLog, JobStep } from '../jobs/job-log.ts'
import { presentJob, presentStep } from '../jobs/present-job.ts'
import { registerResource } from './http/resource-routes.ts'

export function registerJobs(app: FastifyInstance, jobs: JobLog): void {
  const jobOf = (id: string): Job => {
    const job = jobs.get(id)
    if (!job) throw new Fault('NOT_FOUND', { what: 'Job', id })
    return job
  }
  registerResource(app, {
    type: jobType,
    path: '/jobs',
    present: (job: Job, href) => ({ value: presentJob(job), shown: { links: { steps: `${href}/steps` } } }),
    list: async () => jobs.list(),
    get: async ({ id }) => jobOf(id!),
  })
  registerResource(app, {
    type: stepType,
    path: '/jobs/:job/steps',
    present: ({ step, job }: StepOfJob) => ({ value: { ...presentStep(step), job: { id: job } } }),
    list: async ({ job }) =>
      jobOf(job!).steps.map((step) => ({ id: step.id, step, job: job!, owner: jobOf(job!).owner })),
    async get({ job, id }) {
      const { steps, owner } = jobOf(job!)
      const step = steps.find((each) => each.id === id)
      if (!step) throw new Fault('NOT_FOUND', { what: 'Step', id: id! })
      return { id: step.id, step, job: job!, owner }
    },
  })
}

interface StepOfJob {
  readonly id: string
  readonly step: JobStep
  readonly job: string
  readonly owner: string
}
