// What goes with a thing, and above it what keeps it from going.
import { Alert, List, ListItem } from '@patternfly/react-core'
import type { UseQueryResult } from '@tanstack/react-query'
import { text } from '../text/effects.ts'
import { Busy } from './busy.tsx'
import { type Effect, sentenceOf } from './effects.ts'

export function EffectList({ query: { data, error } }: { query: UseQueryResult<readonly Effect[]> }) {
  if (error) return <Alert variant="warning" isInline isPlain title={text.notKnown(error.message)} />
  if (!data) return <Busy />
  const there = data.filter(({ names }) => names.length > 0)
  const obstacles = there.filter(({ isObstacle }) => isObstacle)
  return (
    <>
      {obstacles.map((effect) => (
        <Alert key={sentenceOf(effect)} variant="warning" isInline isPlain title={sentenceOf(effect)} />
      ))}
      <List isPlain>
        {there.map(
          (effect) => !effect.isObstacle && <ListItem key={sentenceOf(effect)}>{sentenceOf(effect)}</ListItem>,
        )}
      </List>
    </>
  )
}
