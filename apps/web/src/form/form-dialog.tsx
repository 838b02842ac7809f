// A dialog with a form: what the engine refuses is shown in it, and nothing that was typed is lost.
import { ActionGroup, Button, Form, Modal, ModalBody, ModalFooter, ModalHeader } from '@patternfly/react-core'
import { type ReactNode, useId } from 'react'
import { FailureAlert } from '../feedback/failure-alert.tsx'
import { text } from '../text/portal.ts'

interface Props {
  readonly title: string
  readonly verb: string
  readonly isBusy: boolean
  readonly error: unknown
  readonly onSubmit: () => void
  readonly onClose: () => void
  readonly children: ReactNode
  /** More buttons, beside those that end the dialog. */
  readonly actions?: ReactNode
  readonly isWide?: boolean
}

export function FormDialog(props: Props) {
  const { title, verb, isBusy, error, onSubmit, onClose, children, actions, isWide = false } = props
  const id = useId()
  return (
    <Modal variant={isWide ? 'large' : 'medium'} isOpen onClose={onClose} aria-labelledby={`${id}-title`}>
      <ModalHeader title={title} labelId={`${id}-title`} />
      <ModalBody tabIndex={0} aria-label={title}>
        <Form
          id={id}
          onSubmit={(event) => {
            event.preventDefault()
            if (!isBusy) onSubmit()
          }}
        >
          {error != null && <FailureAlert error={error} title={text.notDone} />}
          {children}
        </Form>
      </ModalBody>
      <ModalFooter>
        <ActionGroup>
          <Button type="submit" form={id} isLoading={isBusy} isDisabled={isBusy}>
            {verb}
          </Button>
          {actions}
          <Button variant="link" onClick={onClose}>
            {text.cancel}
          </Button>
        </ActionGroup>
      </ModalFooter>
    </Modal>
  )
}
