// Received and sent over time, as two lines: one whole, one dashed. The same as a table below.
import { ExpandableSection } from '@patternfly/react-core'
import { ResourceTable } from '../list/resource-table.tsx'
import { text } from '../text/charts.ts'
import { type Frame, isKnown, lineOf, type Rate, type Series, shownRate, topOf } from './rates.ts'
import './charts.css'

const frame: Frame = { left: 76, top: 8, width: 516, height: 120 }
const bottom = frame.top + frame.height
const right = frame.left + frame.width
/** Where along the axis. */
const times = [
  ['first', 0],
  ['middle', 0.5],
  ['last', 1],
] as const
const series: readonly Series[] = ['received', 'sent']

export function RateChart({ title, rates }: { title: string; rates: readonly Rate[] }) {
  const known = rates.filter(isKnown)
  const last = known.at(-1)
  return (
    <figure className="rate-chart">
      <figcaption>
        {title}
        {series.map((each) => (
          <Legend key={each} series={each} value={shownRate(last?.[each])} />
        ))}
      </figcaption>
      <Lines rates={rates} said={text.said(title, shownRate(last?.received), shownRate(last?.sent))} />
      <ExpandableSection toggleText={text.asTable} isIndented>
        <ResourceTable
          label={title}
          rows={known.toReversed().map((rate) => ({ ...rate, id: String(rate.time) }))}
          columns={[
            { title: text.time, cell: ({ time }) => new Date(time).toLocaleTimeString() },
            { title: text.received, cell: ({ received }) => shownRate(received) },
            { title: text.sent, cell: ({ sent }) => shownRate(sent) },
          ]}
        />
      </ExpandableSection>
    </figure>
  )
}

function Legend({ series: of, value }: { series: Series; value: string }) {
  return (
    <span className="rate-legend">
      <svg width="24" height="10" viewBox="0 0 24 10" aria-hidden="true">
        <path className={`rate-line is-${of}`} d="M0 5H24" />
      </svg>
      {text[of]}: {value}
    </span>
  )
}

function Lines({ rates, said }: { rates: readonly Rate[]; said: string }) {
  const top = topOf(rates)
  const minutes = Math.round(((rates.at(-1)?.time ?? 0) - (rates[0]?.time ?? 0)) / 60_000)
  return (
    <svg viewBox="0 0 600 150" role="img" aria-label={said}>
      {[0, 0.5, 1].map((part) => (
        <g key={part}>
          <path className="rate-grid" d={`M${frame.left} ${bottom - part * frame.height}H${right}`} />
          <text className="rate-value" x={frame.left - 6} y={bottom - part * frame.height + 4}>
            {shownRate(part * top)}
          </text>
        </g>
      ))}
      {times.map(([place, part]) => (
        <text key={place} className={`rate-time is-${place}`} x={frame.left + part * frame.width} y={bottom + 16}>
          {text.minutesAgo(Math.round(minutes * (1 - part)))}
        </text>
      ))}
      {series.map((each) => (
        <path key={each} className={`rate-line is-${each}`} d={lineOf(rates, each, top, frame)} />
      ))}
    </svg>
  )
}
