// What is shown of a query: the answer, or that it is on its way, or why there is none.
import type { UseQueryResult } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { Busy } from '../feedback/busy.tsx'
import { FailureAlert } from '../feedback/failure-alert.tsx'
import { text } from '../text/portal.ts'

interface Props<Data> {
  readonly query: UseQueryResult<Data>
  readonly children: (data: Data) => ReactNode
}

/** A failure to ask anew stands above what was answered before. */
export function Loaded<Data>({ query: { data, error }, children }: Props<Data>) {
  return (
    <>
      {error && <FailureAlert error={error} title={text.notLoaded} />}
      {data !== undefined ? children(data) : !error && <Busy />}
    </>
  )
}
