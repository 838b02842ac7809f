// An empty place, and what to do about it.
import { EmptyState, EmptyStateActions, EmptyStateBody, EmptyStateFooter } from '@patternfly/react-core'
import type { ComponentType, ReactNode } from 'react'

interface Props {
  readonly title: string
  readonly body: string
  readonly icon?: ComponentType
  readonly action?: ReactNode
}

export function Nothing({ title, body, icon, action }: Props) {
  return (
    <EmptyState titleText={title} headingLevel="h2" {...(icon && { icon })} variant="sm">
      <EmptyStateBody>{body}</EmptyStateBody>
      {action && (
        <EmptyStateFooter>
          <EmptyStateActions>{action}</EmptyStateActions>
        </EmptyStateFooter>
      )}
    </EmptyState>
  )
}
