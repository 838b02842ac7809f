// What is typed into a form, and what is wrong with it: told for all fields at once when it is sent, and from then on while
// typing.
import { useState } from 'react'

export type Mistakes<Values> = Partial<Record<keyof Values, string>>

type Texts<Values> = { [Name in keyof Values]: Values[Name] extends string ? Name : never }[keyof Values]
type Flags<Values> = { [Name in keyof Values]: Values[Name] extends boolean ? Name : never }[keyof Values]

export interface FormState<Values> {
  /** What the form began with. What is edited may have been changed by others since: see `changesOf`. */
  readonly initial: Values
  readonly values: Values
  set(change: Partial<Values>): void
  mistake(name: keyof Values): string | undefined
  /** Those that are told. */
  readonly mistakes: Mistakes<Values>
  /** What the field of a text is given; one of few texts is chosen among those alone. */
  field(name: Texts<Values>): { value: string; onChange: (value: string) => void; mistake: string | undefined }
  /** What the tick of a flag is given. */
  tick(name: Flags<Values>): { isOn: boolean; onChange: (isOn: boolean) => void }
  /** Runs `send` if nothing is wrong. */
  submit(send: (values: Values) => void): void
}

interface Rules<Values> {
  /** What one choice makes of the others. */
  readonly changed?: (values: Values, change: Partial<Values>) => Values
  /** With what is chosen unless somebody chooses: it may become known while somebody types. */
  readonly preselected?: (values: Values) => Values
}

export function useForm<Values>(
  given: Values,
  check: (values: Values) => Mistakes<Values>,
  { changed = merged, preselected = (values) => values }: Rules<Values> = {},
): FormState<Values> {
  const [initial] = useState(given)
  const [typed, setTyped] = useState(initial)
  const [isTold, setIsTold] = useState(false)
  const values = preselected(typed)
  const mistakes = check(values)
  const set = (change: Partial<Values>) => setTyped((before) => changed(preselected(before), change))
  const setOne = (name: keyof Values, value: unknown) => set({ [name]: value } as Partial<Values>)
  const mistake = (name: keyof Values) => (isTold ? mistakes[name] : undefined)
  return {
    initial,
    values,
    set,
    mistake,
    mistakes: isTold ? mistakes : {},
    field: (name) => ({
      value: values[name] as string,
      onChange: (value) => setOne(name, value),
      mistake: mistake(name),
    }),
    tick: (name) => ({ isOn: values[name] as boolean, onChange: (isOn) => setOne(name, isOn) }),
    submit(send) {
      setIsTold(true)
      if (Object.keys(mistakes).length === 0) send(values)
    },
  }
}

const merged = <Values>(values: Values, change: Partial<Values>): Values => ({ ...values, ...change })
