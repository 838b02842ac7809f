// What is shown of a query: the answer, or that it is on its way, or why there is none.
import type { UseQueryResult } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { text } from '../text/portal.ts'
import { Busy } from './busy.tsx'
import { FailureAlert } from './failure-alert.tsx'

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
