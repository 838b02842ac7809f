// Fields with their label, help and mistake. The id is that of the input: labels and tests find it by its label.
import {
  Checkbox,
  FormGroup,
  FormHelperText,
  FormSelect,
  FormSelectOption,
  HelperText,
  HelperTextItem,
  TextArea,
  TextInput,
} from '@patternfly/react-core'
import { type ReactNode, useId } from 'react'

interface FieldProps {
  readonly label: string
  readonly isRequired?: boolean
  /** Why it cannot be changed now, in place of its help; undefined: it can be. */
  readonly whyNot?: string | undefined
  readonly help?: string | undefined
  readonly mistake?: string | undefined
}

interface TextFieldProps extends FieldProps {
  readonly value: string
  readonly onChange: (value: string) => void
  readonly type?: 'text' | 'password' | 'number'
  readonly placeholder?: string
  /** Offered while typing; something else may be typed. */
  readonly suggestions?: readonly string[]
}

export function TextField({ value, onChange, type = 'text', placeholder = '', suggestions, ...field }: TextFieldProps) {
  const id = useId()
  return (
    <Field {...field} id={id}>
      <TextInput
        id={id}
        type={type}
        value={value}
        onChange={(_event, next) => onChange(next)}
        placeholder={placeholder}
        isDisabled={field.whyNot !== undefined}
        isRequired={field.isRequired ?? false}
        validated={field.mistake ? 'error' : 'default'}
        aria-describedby={`${id}-help`}
        autoComplete={type === 'password' ? 'new-password' : 'off'}
        {...(suggestions && { list: `${id}-list` })}
      />
      {suggestions && (
        <datalist id={`${id}-list`}>
          {suggestions.map((each) => (
            <option key={each} value={each} />
          ))}
        </datalist>
      )}
    </Field>
  )
}

interface LinesFieldProps extends FieldProps {
  readonly value: string
  readonly onChange: (value: string) => void
}

export function LinesField({ value, onChange, ...field }: LinesFieldProps) {
  const id = useId()
  return (
    <Field {...field} id={id}>
      <TextArea
        id={id}
        value={value}
        onChange={(_event, next) => onChange(next)}
        rows={4}
        validated={field.mistake ? 'error' : 'default'}
        aria-describedby={`${id}-help`}
      />
    </Field>
  )
}

interface ChoiceFieldProps extends FieldProps {
  readonly value: string
  /** Value → what is shown. */
  readonly options: readonly (readonly [string, string])[]
  readonly onChange: (value: string) => void
}

export function ChoiceField({ value, options, onChange, ...field }: ChoiceFieldProps) {
  const id = useId()
  return (
    <Field {...field} id={id}>
      <FormSelect
        id={id}
        value={value}
        onChange={(_event, next) => onChange(next)}
        isDisabled={field.whyNot !== undefined}
        validated={field.mistake ? 'error' : 'default'}
        aria-describedby={`${id}-help`}
      >
        {options.map(([option, label]) => (
          <FormSelectOption key={option} value={option} label={label} />
        ))}
      </FormSelect>
    </Field>
  )
}

interface TickProps {
  readonly label: string
  readonly isOn: boolean
  readonly onChange: (isOn: boolean) => void
  /** As of a field. */
  readonly whyNot?: string | undefined
  readonly help?: string | undefined
}

export function Tick({ label, isOn, onChange, whyNot, help }: TickProps) {
  const id = useId()
  return (
    <Checkbox
      id={id}
      label={label}
      isChecked={isOn}
      onChange={(_event, next) => onChange(next)}
      isDisabled={whyNot !== undefined}
      description={whyNot ?? help}
    />
  )
}

function Field(props: FieldProps & { id: string; children: ReactNode }) {
  const { id, label, isRequired = false, whyNot, help, mistake, children } = props
  const told = mistake ?? whyNot ?? help
  return (
    <FormGroup label={label} fieldId={id} isRequired={isRequired}>
      {children}
      {told && (
        <FormHelperText id={`${id}-help`}>
          <HelperText>
            <HelperTextItem variant={mistake ? 'error' : 'default'}>{told}</HelperTextItem>
          </HelperText>
        </FormHelperText>
      )}
    </FormGroup>
  )
}
