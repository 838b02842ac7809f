// Before something goes: what goes, by name, and what goes with it; the engine's refusal stays in the dialog.
import {
  Button,
  List,
  ListItem,
  Modal,
  ModalBody,
  ModalFooter,
  ModalHeader,
  Stack,
  StackItem,
} from '@patternfly/react-core'
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { text } from '../text/portal.ts'
import { ActionButton } from './action-button.tsx'
import { EffectList } from './effect-list.tsx'
import { type Effects, noEffects, obstacleIn } from './effects.ts'
import { FailureAlert } from './failure-alert.tsx'

interface Props {
  readonly title: string
  readonly question: string
  /** Names of what goes. */
  readonly names: readonly string[]
  /** What goes with it, and what keeps it. */
  readonly effects?: Effects
  readonly verb: string
  /** More to decide: check boxes. */
  readonly children?: ReactNode
  /** Why it cannot be done yet. */
  readonly whyNot?: string | undefined
  readonly isBusy: boolean
  readonly error: unknown
  readonly onConfirm: () => void
  readonly onClose: () => void
}

export function ConfirmDialog(props: Props) {
  const { title, question, names, verb, children, isBusy, error, onConfirm, onClose } = props
  // What is about to go is not asked any more.
  const effects = useQuery({ ...(props.effects ?? noEffects), enabled: !isBusy })
  const whyNot = props.whyNot ?? obstacleIn(effects.data)
  return (
    <Modal variant="small" isOpen onClose={onClose} aria-labelledby="confirm-title" aria-describedby="confirm-body">
      <ModalHeader title={title} labelId="confirm-title" titleIconVariant="warning" />
      <ModalBody id="confirm-body">
        <Stack hasGutter>
          {error != null && (
            <StackItem>
              <FailureAlert error={error} title={text.notDone} />
            </StackItem>
          )}
          <StackItem>{question}</StackItem>
          <StackItem>
            <List>
              {names.map((name) => (
                <ListItem key={name}>{name}</ListItem>
              ))}
            </List>
          </StackItem>
          <StackItem>
            <EffectList query={effects} />
          </StackItem>
          {children && <StackItem>{children}</StackItem>}
        </Stack>
      </ModalBody>
      <ModalFooter>
        <ActionButton variant="danger" onClick={onConfirm} isLoading={isBusy} whyNot={isBusy ? text.loading : whyNot}>
          {verb}
        </ActionButton>
        <Button variant="link" onClick={onClose}>
          {text.cancel}
        </Button>
      </ModalFooter>
    </Modal>
  )
}
