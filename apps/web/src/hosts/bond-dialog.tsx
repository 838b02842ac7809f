// Several interfaces as one.
import { FormGroup } from '@patternfly/react-core'
import { useChange } from '../engine/use-change.ts'
import { ChoiceField, TextField, Tick } from '../form/fields.tsx'
import { FormDialog } from '../form/form-dialog.tsx'
import { useForm } from '../form/use-form.ts'
import { text } from '../text/hosts.ts'
import { hostKinds, setUpNetworks } from './host-requests.ts'
import { type BondForm, blankBond, bondMistakes, bondRequest, type HostNic } from './network-setup.ts'

interface Props {
  readonly hostId: string
  /** Those that can be in one. */
  readonly nics: readonly HostNic[]
  readonly onClose: () => void
}

export function BondDialog({ hostId, nics, onClose }: Props) {
  const form = useForm(blankBond, bondMistakes)
  const { values, set, mistake, field } = form
  const make = useChange((bond: BondForm) => setUpNetworks(hostId, bondRequest(bond)), {
    kinds: hostKinds,
    done: onClose,
  })
  const turn = (name: string, isOn: boolean) =>
    set({ members: isOn ? [...values.members, name] : values.members.filter((each) => each !== name) })
  return (
    <FormDialog
      title={text.addBond}
      verb={text.addBond}
      isBusy={make.isPending}
      error={make.error}
      whyNot={nics.length < 2 ? text.bondMembersMistake : undefined}
      onSubmit={() => form.submit(make.mutate)}
      onClose={onClose}
    >
      <TextField label={text.bondName} isRequired help={text.bondNameHelp} {...field('name')} />
      <ChoiceField label={text.bondMode} {...field('mode')} options={Object.entries(text.bondModes)} />
      <FormGroup role="group" label={text.bondMembers} isRequired>
        {nics.map(({ name = '' }, index) => (
          <Tick
            key={name}
            label={name}
            isOn={values.members.includes(name)}
            onChange={(isOn) => turn(name, isOn)}
            help={index === 0 ? mistake('members') : undefined}
          />
        ))}
      </FormGroup>
    </FormDialog>
  )
}
