// /vms/{vm}/nics/{nic}/diagnosis: why it has no network. Ours.
import { apiPath } from '@patchbay/ovirt-api/api-path.ts'
import { toJson } from '@patchbay/ovirt-api/json.ts'
import { diagnosisType } from '@patchbay/ovirt-api/types/diagnosis.ts'
import type { FastifyInstance } from 'fastify'
import { diagnose } from '../../diagnosis/diagnosis.ts'
import type { Parts } from '../../lifecycle/workflows/parts.ts'
import type { NicService } from '../../services/nics/nics.ts'
import type { VmService } from '../../services/vms/vms.ts'
import { Answer } from '../http/formats.ts'
import { paramsOf } from '../http/resource-routes.ts'

export function registerDiagnosis(app: FastifyInstance, parts: Parts, vms: VmService, nics: NicService): void {
  app.get(`${apiPath}/vms/:vm/nics/:id/diagnosis`, async (request) => {
    const { vm, id } = paramsOf(request)
    const nic = await nics.get(vm!, id!)
    const { status, cause, steps } = await diagnose(parts, await vms.get(vm!), nic)
    const value = { id: nic.id, status, cause: cause?.name, advice: cause?.advice, steps }
    return new Answer('diagnosis', toJson(diagnosisType, value, { href: `${apiPath}/vms/${vm}/nics/${id}/diagnosis` }))
  })
}
