// Why a vNIC has no network: ours, in the style of oVirt's types.
import { choice, list, resource, struct, text } from '../element.ts'

export const diagnosisType = resource('diagnosis', 'diagnoses', {
  status: choice('ok', 'broken', 'unknown'),
  /** Name of the first step that is broken. */
  cause: text,
  advice: text,
  steps: list(
    'step',
    struct({ name: text, status: choice('ok', 'broken', 'unknown', 'skipped'), found: text, advice: text }),
  ),
})
