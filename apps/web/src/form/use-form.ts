// What is typed into a form, and what is wrong with it: told for all fields at once when it is sent, and from then on while
// typing.
import { useState } from 'react'

export type Mistakes<Values> = Partial<Record<keyof Values, string>>

export interface FormState<Values> {
  /** What the form began with. What is edited may have been changed by others since: see `changesOf`. */
  readonly initial: Values
  readonly values: Values
  set(change: Partial<Values>): void
  mistake(name: keyof Values): string | undefined
  /** Those that are told. */
  readonly mistakes: Mistakes<Values>
  /** Runs `send` if nothing is wrong. */
  submit(send: (values: Values) => void): void
}

export function useForm<Values>(given: Values, check: (values: Values) => Mistakes<Values>): FormState<Values> {
  const [initial] = useState(given)
  const [values, setValues] = useState(initial)
  const [isTold, setIsTold] = useState(false)
  const mistakes = check(values)
  return {
    initial,
    values,
    set: (change) => setValues((before) => ({ ...before, ...change })),
    mistakes: isTold ? mistakes : {},
    mistake: (name) => (isTold ? mistakes[name] : undefined),
    submit(send) {
      setIsTold(true)
      if (Object.keys(mistakes).length === 0) send(values)
    },
  }
}
