// A link that looks like a button: to the place where one goes on.
import { Button, type ButtonProps } from '@patternfly/react-core'
import { createLink } from '@tanstack/react-router'

export const LinkButton = createLink((props: Omit<ButtonProps, 'component'>) => (
  <Button variant="secondary" {...props} component="a" />
))
