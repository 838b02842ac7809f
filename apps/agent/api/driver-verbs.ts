// Ours, beside VDSM's verbs: the engine installs VIF drivers on this host.
import type { Method } from '@patchbay/vdsm-rpc/calls/call-dispatcher.ts'
import { VdsmError, vdsmError } from '@patchbay/vdsm-rpc/errors.ts'
import { parseSigners } from '@patchbay/vif-driver/package-file/open-package.ts'
import type { DriverPackages } from '../driver-packages/driver-packages.ts'
import { inVdsmCodes, type Params, record, text } from './vdsm-codes.ts'

/**
 * A package goes in parts, `data` in base64: `Host.receiveDriverPackage` answers how many bytes have arrived.
 * `Host.installDriverPackage` answers `{installed: true}`, or `{installed: false, arrived}` while bytes are missing.
 */
export function driverVerbs(packages: DriverPackages): Record<string, Method> {
  return inVdsmCodes({
    'Host.receiveDriverPackage': async (params) => {
      const { offset } = params
      if (typeof offset !== 'number' || !Number.isSafeInteger(offset) || offset < 0)
        throw vdsmError('InvalidParameter', 'Invalid parameter: offset must be a number of bytes')
      const part = Buffer.from(text(params, 'data'), 'base64')
      return { arrived: packages.receive(digestOf(params), offset, part) }
    },
    'Host.installDriverPackage': async (params) => {
      const request = { digest: digestOf(params), options: record(params, 'options'), signers: signersOf(params) }
      const arrived = await packages.install(request).catch(inItsWords)
      return arrived === undefined ? { installed: true } : { installed: false, arrived }
    },
    'Host.removeDriverPackage': async (params) => {
      await packages.remove(text(params, 'name')).catch(inItsWords)
      return true
    },
  })
}

/** These verbs are not VDSM's, so their errors need not be worded like those of Python. */
function inItsWords(error: unknown): never {
  throw error instanceof VdsmError ? error : vdsmError('GeneralException', (error as Error).message)
}

function digestOf(params: Params): string {
  const digest = text(params, 'digest')
  if (/^[0-9a-f]{64}$/.test(digest)) return digest
  throw vdsmError('InvalidParameter', 'Invalid parameter: digest must be a SHA-256 in hex')
}

function signersOf(params: Params) {
  try {
    return parseSigners(text(params, 'signers'))
  } catch (error) {
    throw vdsmError('InvalidParameter', `Invalid parameter: signers: ${(error as Error).message}`)
  }
}
