// Every workflow there is: what a restarted engine can take up again.

import { maintainHost } from '../hosts/maintain-host.ts'
import { setupHostNetworks } from '../hosts/setup-host-networks.ts'
import { addNetwork } from '../networks/add-network.ts'
import { editExternalNetwork } from '../networks/edit-external-network.ts'
import { removeNetwork } from '../networks/remove-network.ts'
import { plugNic } from '../nics/plug-nic.ts'
import { removeNics } from '../nics/remove-nics.ts'
import { unplugNic } from '../nics/unplug-nic.ts'
import { updateNic } from '../nics/update-nic.ts'
import { bindPorts } from '../ports/bind-ports.ts'
import { removePort } from '../ports/remove-port.ts'
import { migrateVm } from '../vms/migrate-vm.ts'
import { restoreVm } from '../vms/restore-vm.ts'
import { resumeVm } from '../vms/resume-vm.ts'
import { runVm } from '../vms/run-vm.ts'
import { shutdownVm } from '../vms/shutdown-vm.ts'
import { stopVm } from '../vms/stop-vm.ts'
import { suspendVm } from '../vms/suspend-vm.ts'
import type { Parts } from './parts.ts'
import { type AnyWorkflow, anyWorkflow } from './workflow.ts'

export const workflows: readonly AnyWorkflow<Parts>[] = [
  anyWorkflow(runVm),
  anyWorkflow(stopVm),
  anyWorkflow(shutdownVm),
  anyWorkflow(suspendVm),
  anyWorkflow(resumeVm),
  anyWorkflow(restoreVm),
  anyWorkflow(plugNic),
  anyWorkflow(unplugNic),
  anyWorkflow(updateNic),
  anyWorkflow(migrateVm),
  anyWorkflow(maintainHost),
  anyWorkflow(setupHostNetworks),
  anyWorkflow(bindPorts),
  anyWorkflow(removeNics),
  anyWorkflow(removePort),
  anyWorkflow(addNetwork),
  anyWorkflow(removeNetwork),
  anyWorkflow(editExternalNetwork),
]
