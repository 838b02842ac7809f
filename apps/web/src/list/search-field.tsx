// Search is sent with Enter, as it is a query to the engine.
import { SearchInput } from '@patternfly/react-core'
import { useState } from 'react'
import { text } from '../text/portal.ts'

interface Props {
  readonly value: string
  readonly hint?: string | undefined
  readonly onSearch: (q: string) => void
}

export function SearchField({ value, hint = text.searchHint, onSearch }: Props) {
  const [typed, setTyped] = useState(value)
  return (
    <SearchInput
      aria-label={text.search}
      placeholder={hint}
      value={typed}
      onChange={(_event, next) => setTyped(next)}
      onSearch={() => onSearch(typed.trim())}
      onClear={() => onSearch('')}
    />
  )
}
