// Every workflow there is: what a restarted engine can take up again.
import { addNetwork } from './add-network.ts'
import { bindPorts } from './bind-ports.ts'
import { editExternalNetwork } from './edit-external-network.ts'
import { maintainHost } from './maintain-host.ts'
import { migrateVm } from './migrate-vm.ts'
import type { Parts } from './parts.ts'
import { plugNic } from './plug-nic.ts'
import { removeNetwork } from './remove-network.ts'
import { removeNics } from './remove-nics.ts'
import { removePort } from './remove-port.ts'
import { restoreVm } from './restore-vm.ts'
import { resumeVm } from './resume-vm.ts'
import { runVm } from './run-vm.ts'
import { shutdownVm } from './shutdown-vm.ts'
import { stopVm } from './stop-vm.ts'
import { suspendVm } from './suspend-vm.ts'
import { unplugNic } from './unplug-nic.ts'
import { updateNic } from './update-nic.ts'
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
  anyWorkflow(bindPorts),
  anyWorkflow(removeNics),
  anyWorkflow(removePort),
  anyWorkflow(addNetwork),
  anyWorkflow(removeNetwork),
  anyWorkflow(editExternalNetwork),
]
