// A package goes from the engine.
import { driverDeploymentType, driverPackageType } from '@patchbay/ovirt-api/types/drivers.ts'
import { hostType } from '@patchbay/ovirt-api/types/infrastructure.ts'
import { providerType } from '@patchbay/ovirt-api/types/providers.ts'
import { request } from '../engine/request.ts'
import type { Shown } from '../engine/resource.ts'
import { useChange } from '../engine/use-change.ts'
import { ConfirmDialog } from '../feedback/confirm-dialog.tsx'
import { effectsOf, itemsOf, namesOf } from '../feedback/effects.ts'
import { text } from '../text/drivers.ts'
import { text as effectText } from '../text/effects.ts'
import { text as portal } from '../text/portal.ts'
import { driverKinds, packagesPath } from './driver-requests.ts'

interface Props {
  readonly driver: Shown<typeof driverPackageType>
  readonly onClose: () => void
  readonly onRemoved?: () => void
}

export function RemoveDriverDialog({ driver, onClose, onRemoved = onClose }: Props) {
  const remove = useChange(() => request('DELETE', `${packagesPath}/${driver.id}`), {
    kinds: driverKinds,
    done: onRemoved,
  })
  return (
    <ConfirmDialog
      title={text.remove}
      question={text.removeQuestion}
      names={[`${driver.name} ${driver.version}`]}
      effects={removedWith(driver.id)}
      verb={portal.remove}
      isBusy={remove.isPending}
      error={remove.error}
      onConfirm={() => remove.mutate(undefined)}
      onClose={onClose}
    />
  )
}

const removedWith = (id: string) =>
  effectsOf(`${packagesPath}/${id}`, async () => {
    const providers = await itemsOf(providerType, '/openstacknetworkproviders')
    const attached = await Promise.all(
      providers.map((each) => itemsOf(driverPackageType, `/openstacknetworkproviders/${each.id}${packagesPath}`)),
    )
    const users = providers.filter((_provider, index) => attached[index]!.some((each) => each.id === id))
    const installed = await itemsOf(driverDeploymentType, `${packagesPath}/${id}/deployments`)
    const hosts = await itemsOf(hostType, '/hosts')
    const having = hosts.filter((host) => installed.some((each) => each.host?.id === host.id))
    return [
      { says: effectText.isAttached, names: namesOf(users), isObstacle: true },
      { says: effectText.driversStay, names: namesOf(having) },
    ]
  })
