// A search without a result.
import { Button } from '@patternfly/react-core'
import { Nothing } from '../feedback/nothing.tsx'
import { text } from '../text/portal.ts'
import { usePlace } from './place.ts'

export function NothingFound() {
  const { go } = usePlace()
  const clear = () => go({ q: undefined, page: undefined })
  return (
    <Nothing
      title={text.nothingFound}
      body={text.nothingFoundWhy}
      action={
        <Button variant="link" onClick={clear}>
          {text.clearSearch}
        </Button>
      }
    />
  )
}
