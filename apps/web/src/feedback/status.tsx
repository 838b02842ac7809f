// A state by colour, shape and word: never by colour alone.
import { Label, type LabelProps, Tooltip } from '@patternfly/react-core'

type Tone = 'success' | 'warning' | 'danger' | 'info' | 'none'

const tones: Readonly<Record<string, Tone>> = {
  up: 'success',
  plugged: 'success',
  active: 'success',
  operational: 'success',
  installed: 'success',
  finished: 'success',
  unreachable: 'danger',
  non_responsive: 'danger',
  non_operational: 'danger',
  failed: 'danger',
  aborted: 'danger',
  probing: 'warning',
  connecting: 'warning',
  maintenance: 'warning',
  paused: 'warning',
  suspended: 'info',
  powering_up: 'info',
  powering_down: 'info',
  wait_for_launch: 'info',
  reboot_in_progress: 'info',
  saving_state: 'info',
  migrating: 'info',
  started: 'info',
  installing: 'info',
}

interface Props {
  /** As the engine says it: `non_responsive`. */
  readonly status: string | undefined
  readonly detail?: string | undefined
}

export function Status({ status = 'unknown', detail }: Props) {
  const tone = tones[status] ?? 'none'
  const look: LabelProps = tone === 'none' ? { color: 'grey' } : { status: tone }
  const label = (
    <Label isCompact variant="outline" {...look} {...(detail && { tabIndex: 0 })}>
      {status.replaceAll('_', ' ')}
    </Label>
  )
  return detail ? <Tooltip content={detail}>{label}</Tooltip> : label
}
