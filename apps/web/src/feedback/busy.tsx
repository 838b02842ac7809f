// While the first answer is on its way.
import { Bullseye, Spinner } from '@patternfly/react-core'
import { text } from '../text/portal.ts'

export function Busy() {
  return (
    <Bullseye>
      <Spinner aria-label={text.loading} />
    </Bullseye>
  )
}
