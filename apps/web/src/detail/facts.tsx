// What is known of a thing, as names with values. What there is not is a dash.
import {
  DescriptionList,
  DescriptionListDescription,
  DescriptionListGroup,
  DescriptionListTerm,
} from '@patternfly/react-core'
import type { ReactNode } from 'react'
import { text } from '../text/portal.ts'

export function Facts({ facts }: { facts: readonly (readonly [string, ReactNode])[] }) {
  return (
    <DescriptionList isHorizontal isCompact columnModifier={{ '2xl': '2Col' }}>
      {facts.map(([name, value]) => (
        <DescriptionListGroup key={name}>
          <DescriptionListTerm>{name}</DescriptionListTerm>
          <DescriptionListDescription>{shown(value)}</DescriptionListDescription>
        </DescriptionListGroup>
      ))}
    </DescriptionList>
  )
}

function shown(value: ReactNode): ReactNode {
  if (value === true) return text.yes
  if (value === false) return text.no
  return value === undefined || value === null || value === '' ? text.none : value
}
