// A button that says why it cannot be pressed.
import { Button, type ButtonProps, Tooltip } from '@patternfly/react-core'

interface Props extends Omit<ButtonProps, 'isDisabled' | 'isAriaDisabled'> {
  /** Why not now; undefined: it can be pressed. */
  readonly whyNot?: string | undefined
}

export function ActionButton({ whyNot, ...props }: Props) {
  if (whyNot === undefined) return <Button {...props} />
  // Not `disabled`: what has no focus tells a keyboard nothing.
  return (
    <Tooltip content={whyNot}>
      <Button {...props} isAriaDisabled />
    </Tooltip>
  )
}
