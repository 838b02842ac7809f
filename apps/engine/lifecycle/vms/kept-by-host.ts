// Why a host kept a VM that it was to move, or to save.
import type { Parts } from '../workflows/parts.ts'

/** In its own words; VDSM tells them of a saving, too, as of a migration. */
export async function reasonToKeep({ hosts }: Parts, hostId: string, vmId: string): Promise<string> {
  const told = await hosts.call(hostId, 'VM.getMigrationStatus', { vmID: vmId }).catch(() => undefined)
  const { code = 0, message = '' } =
    (told as { status?: { code?: number; message?: string } } | undefined)?.status ?? {}
  return code !== 0 && message !== '' ? `the host kept it: ${message}` : 'the host kept it, and only its log says why'
}
