// Ours, beside VDSM's verbs: the engine renews the host's certificate and tells what is revoked.
import type { Method } from '@patchbay/vdsm-rpc/calls/call-dispatcher.ts'
import { vdsmError } from '@patchbay/vdsm-rpc/errors.ts'
import type { HostPki } from '../enrolment/host-pki.ts'
import { inVdsmCodes } from './vdsm-codes.ts'

/** It does not matter who calls: only what the CA signed is taken. `taken`: called with each that was; the answer waits for it. */
export function certificateVerbs(pki: HostPki, taken: () => unknown): Record<string, Method> {
  return inVdsmCodes({
    'Host.updateCertificates': async ({ certificate, revocations }) => {
      if (!isTextOrAbsent(certificate) || typeof revocations !== 'string')
        throw vdsmError('InvalidParams', { reason: 'certificate and revocations are PEM texts' })
      try {
        await pki.update({ certificate, revocations })
      } catch (error) {
        throw vdsmError('InvalidParams', { reason: (error as Error).message })
      }
      await taken()
      return true
    },
  })
}

const isTextOrAbsent = (value: unknown): value is string | undefined => value === undefined || typeof value === 'string'
