// A dialog with a form: what the engine refuses is shown in it, and nothing that was typed is lost.
import { Button, Flex, Form, Modal, ModalBody, ModalFooter, ModalHeader } from '@patternfly/react-core'
import { type ReactNode, useEffect, useId } from 'react'
import { ActionButton } from '../feedback/action-button.tsx'
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
  /** Why it cannot be sent yet. */
  readonly whyNot?: string | undefined
  /** About the form as a whole, where one sees it. */
  readonly notice?: ReactNode
  readonly isWide?: boolean
}

export function FormDialog(props: Props) {
  const { title, verb, isBusy, error, onSubmit, onClose, children, actions, notice, whyNot, isWide = false } = props
  const id = useId()
  return (
    <Modal variant={isWide ? 'large' : 'medium'} isOpen onClose={onClose} aria-labelledby={`${id}-title`}>
      <ModalHeader title={title} labelId={`${id}-title`} />
      <ModalBody tabIndex={0} aria-label={title}>
        <Form
          id={id}
          onSubmit={(event) => {
            event.preventDefault()
            if (!isBusy && whyNot === undefined) onSubmit()
          }}
        >
          {children}
          <FirstField of={id} />
        </Form>
      </ModalBody>
      <ModalFooter className="dialog-end">
        {error != null && <FailureAlert error={error} title={text.notDone} />}
        {notice}
        <Flex justifyContent={{ default: 'justifyContentFlexStart' }}>
          <ActionButton type="submit" form={id} isLoading={isBusy} whyNot={isBusy ? text.loading : whyNot}>
            {verb}
          </ActionButton>
          {actions}
          <Button variant="link" onClick={onClose}>
            {text.cancel}
          </Button>
        </Flex>
      </ModalFooter>
    </Modal>
  )
}

/** Where one begins to type: else the button that closes the dialog would have the focus. */
function FirstField({ of }: { of: string }) {
  useEffect(() => document.getElementById(of)?.querySelector<HTMLElement>(fields)?.focus(), [of])
  return null
}

const fields = 'input:not(:disabled), select:not(:disabled), textarea:not(:disabled)'
