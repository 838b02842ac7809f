// A role of one's own: a name for some of the permits that there are.
import { clusterLevelType } from '@patchbay/ovirt-api/types/access.ts'
import { FormGroup } from '@patternfly/react-core'
import { useQuery } from '@tanstack/react-query'
import { collection } from '../engine/queries.ts'
import { request } from '../engine/request.ts'
import { useChange } from '../engine/use-change.ts'
import { TextField, Tick } from '../form/fields.tsx'
import { FormDialog } from '../form/form-dialog.tsx'
import { type Mistakes, useForm } from '../form/use-form.ts'
import { text } from '../text/access.ts'
import { text as portal } from '../text/portal.ts'

interface RoleForm {
  readonly name: string
  readonly description: string
  readonly administrative: boolean
  /** Names of permits. */
  readonly permits: readonly string[]
}

const blank: RoleForm = { name: '', description: '', administrative: false, permits: [] }

export function AddRoleDialog({ onClose }: { onClose: () => void }) {
  const form = useForm(blank, mistakesOf)
  const { data: levels = [] } = useQuery(collection(clusterLevelType, '/clusterlevels'))
  const add = useChange(addRole, { kinds: ['role', 'event'], done: onClose })
  const { values, set, mistake, field } = form
  const offered = (levels[0]?.permits ?? []).filter(({ administrative }) => values.administrative || !administrative)
  const turn = (name: string, isOn: boolean) =>
    set({ permits: isOn ? [...values.permits, name] : values.permits.filter((each) => each !== name) })
  return (
    <FormDialog
      title={text.addRole}
      verb={portal.add}
      isBusy={add.isPending}
      error={add.error}
      onSubmit={() => form.submit(add.mutate)}
      onClose={onClose}
    >
      <TextField label={text.roleName} isRequired {...field('name')} />
      <TextField label={text.description} {...field('description')} />
      <Tick
        label={text.administrative}
        isOn={values.administrative}
        onChange={(administrative) => set({ administrative, permits: [] })}
      />
      <FormGroup role="group" label={text.permits} isRequired>
        {offered.map(({ name = '' }) => (
          <Tick
            key={name}
            label={name}
            isOn={values.permits.includes(name)}
            onChange={(isOn) => turn(name, isOn)}
            help={name === offered[0]?.name ? mistake('permits') : undefined}
          />
        ))}
      </FormGroup>
    </FormDialog>
  )
}

const mistakesOf = ({ name, permits }: RoleForm): Mistakes<RoleForm> => ({
  ...(name.trim() === '' && { name: text.nameNeeded }),
  ...(permits.length === 0 && { permits: text.permitsNeeded }),
})

const addRole = ({ name, description, administrative, permits }: RoleForm) =>
  request('POST', '/roles', {
    name: name.trim(),
    description,
    administrative: String(administrative),
    permits: { permit: permits.map((each) => ({ name: each })) },
  })
