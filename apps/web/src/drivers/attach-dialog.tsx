// A driver for the hosts of a provider's clusters, in the place of the one before.
import { driverPackageType } from '@patchbay/ovirt-api/types/drivers.ts'
import { Content } from '@patternfly/react-core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { collection } from '../engine/queries.ts'
import type { Shown } from '../engine/resource.ts'
import { useChange } from '../engine/use-change.ts'
import { ChoiceField, LinesField } from '../form/fields.tsx'
import { FormDialog } from '../form/form-dialog.tsx'
import { propertiesIn, propertyLines } from '../form/property-lines.ts'
import { text } from '../text/drivers.ts'
import { attachPackage, driverKinds, packagesPath } from './driver-requests.ts'

interface Props {
  readonly of: string
  /** The provider's. */
  readonly name: string
  readonly attached: Shown<typeof driverPackageType> | undefined
  readonly onClose: () => void
}

export function AttachDialog({ of, name, attached, onClose }: Props) {
  const [chosen, setChosen] = useState<string>()
  const [lines, setLines] = useState(() => propertyLines(attached?.properties ?? []))
  const { data: packages = [], isSuccess } = useQuery(collection(driverPackageType, packagesPath))
  const id = chosen ?? attached?.id ?? packages[0]?.id ?? ''
  const options = propertiesIn(lines)
  const attach = useChange(() => attachPackage(of, id, options ?? []), { kinds: driverKinds, done: onClose })
  const whyNot = isSuccess && packages.length === 0 ? text.noPackages : options ? undefined : text.optionsMistake
  return (
    <FormDialog
      title={text.attachTitle(name)}
      verb={text.attachVerb}
      isBusy={attach.isPending}
      error={attach.error}
      whyNot={whyNot}
      onSubmit={() => attach.mutate(undefined)}
      onClose={onClose}
    >
      <ChoiceField
        label={text.driver}
        isRequired
        value={id}
        options={packages.map((each) => [each.id, `${each.name} ${each.version} (${each.plugin_types?.join(', ')})`])}
        onChange={setChosen}
      />
      <LinesField
        label={text.options}
        value={lines}
        onChange={setLines}
        help={text.optionsHelp}
        mistake={options ? undefined : text.optionsMistake}
      />
      {attached && <Content component="p">{text.replaces}</Content>}
    </FormDialog>
  )
}
