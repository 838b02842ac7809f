// Which job a request is worked on as.
import { AsyncLocalStorage } from 'node:async_hooks'

interface RequestJob {
  id?: string
}

const current = new AsyncLocalStorage<RequestJob>()

/** Called where a job begins: the first one is the request's. */
export function noteJob(id: string): void {
  const job = current.getStore()
  if (job) job.id ??= id
}

/** `jobOf` answers the id of the job that `work` has begun, if it has; also while `work` is under way. */
export function withJob<Result>(work: (jobOf: () => string | undefined) => Result): Result {
  const job: RequestJob = {}
  return current.run(job, () => work(() => job.id))
}
