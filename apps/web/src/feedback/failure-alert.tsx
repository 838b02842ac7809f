// What went wrong, in the engine's words, with the id under which its logs and events tell more.
import { Alert, ClipboardCopy } from '@patternfly/react-core'
import { EngineFailure } from '../engine/failure.ts'
import { text } from '../text/portal.ts'

interface Props {
  readonly error: unknown
  /** What was not done. */
  readonly title: string
}

export function FailureAlert({ error, title }: Props) {
  const correlationId = error instanceof EngineFailure ? error.correlationId : ''
  return (
    <Alert variant="danger" isInline title={title} role="alert">
      <p className="fault-text">{error instanceof Error ? error.message : String(error)}</p>
      {correlationId !== '' && (
        <div className="correlation-id">
          {text.correlationId}{' '}
          <ClipboardCopy
            isReadOnly
            variant="inline-compact"
            hoverTip={text.copy}
            clickTip={text.copied}
            copyAriaLabel={text.copyCorrelationId}
          >
            {correlationId}
          </ClipboardCopy>
        </div>
      )}
    </Alert>
  )
}
