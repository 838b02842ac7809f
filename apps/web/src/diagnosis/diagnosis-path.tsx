// The links of a chain, one below the other: each with an icon and a word for its state, never by colour alone.
import { Label, ProgressStep, type ProgressStepProps, ProgressStepper } from '@patternfly/react-core'
import { text } from '../text/diagnosis.ts'
import type { ChainLink, LinkStatus } from './chain.ts'

const variants: Readonly<Record<LinkStatus, NonNullable<ProgressStepProps['variant']>>> = {
  ok: 'success',
  broken: 'danger',
  unknown: 'warning',
  skipped: 'pending',
}

export function DiagnosisPath({ chain }: { chain: readonly ChainLink[] }) {
  return (
    <ProgressStepper isVertical aria-label={text.path}>
      {chain.map((link) => (
        <Step key={link.name} link={link} />
      ))}
    </ProgressStepper>
  )
}

function Step({ link: { name, status, found, advice, isCause } }: { link: ChainLink }) {
  const word = text.statuses[status]
  const id = `step-${name.replaceAll(' ', '-')}`
  return (
    <ProgressStep
      variant={variants[status]}
      isCurrent={isCause}
      id={id}
      titleId={`${id}-title`}
      aria-label={`${name}: ${word}`}
      description={<Found found={found} advice={isCause ? '' : advice} />}
    >
      {name}{' '}
      <Label isCompact variant={isCause ? 'filled' : 'outline'} {...look(status)}>
        {isCause ? text.breaksHere : word}
      </Label>
    </ProgressStep>
  )
}

/** The advice about the cause stands above the path. */
function Found({ found, advice }: { found: string; advice: string }) {
  return (
    <>
      <span className="fault-text">{found}</span>
      {advice !== '' && (
        <>
          <br />
          {advice}
        </>
      )}
    </>
  )
}

function look(status: LinkStatus) {
  if (status === 'ok') return { color: 'green' } as const
  if (status === 'broken') return { color: 'red' } as const
  return status === 'unknown' ? ({ color: 'orange' } as const) : ({ color: 'grey' } as const)
}
