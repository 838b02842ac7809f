// A role, and one of several choices of who gets it, or of what it is on.
import { useState } from 'react'
import { useChange } from '../engine/use-change.ts'
import { ChoiceField } from '../form/fields.tsx'
import { FormDialog } from '../form/form-dialog.tsx'
import { text } from '../text/access.ts'
import { text as portal } from '../text/portal.ts'
import { useGivableRoles } from './givable-roles.ts'

interface Props {
  readonly label: string
  /** Value → what is shown; the first is chosen at first. */
  readonly choices: readonly (readonly [string, string])[]
  grant(choice: string, role: { readonly id: string }): Promise<unknown>
  readonly onClose: () => void
}

export function GrantForm({ label, choices, grant, onClose }: Props) {
  const [chosen, setChosen] = useState<string>()
  const [chosenRole, setChosenRole] = useState<string>()
  const roles = useGivableRoles()
  const choice = chosen ?? choices[0]?.[0] ?? ''
  const role = chosenRole ?? roles.find(({ administrative }) => !administrative)?.id ?? ''
  const granting = useChange(() => grant(choice, { id: role }), { done: onClose })
  return (
    <FormDialog
      title={text.addPermission}
      verb={portal.add}
      isBusy={granting.isPending}
      error={granting.error}
      onSubmit={() => granting.mutate(undefined)}
      onClose={onClose}
    >
      <ChoiceField label={label} isRequired value={choice} options={choices} onChange={setChosen} />
      <ChoiceField
        label={text.role}
        isRequired
        value={role}
        options={roles.map(({ id, name = '' }) => [id, name])}
        onChange={setChosenRole}
        help={roles.find(({ id }) => id === role)?.description}
      />
    </FormDialog>
  )
}
