// A change of a host's networks: all of it or nothing, kept over reboots unless that is not wanted.
import type { Command } from 'commander'
import { withProgress } from '../session/progress.ts'
import type { EngineSession } from '../session/session.ts'
import type { Flags } from '../session/verb.ts'

/** The host takes it back when it loses the engine by it. */
export async function setUp(session: EngineSession, hostId: string, change: object, flags: Flags): Promise<void> {
  const how = { check_connectivity: 'true', commit_on_success: String(flags.untilReboot !== true) }
  await withProgress(session, () => session.ask('POST', `/hosts/${hostId}/setupnetworks`, { ...change, ...how }))
}

export const lasting = (verb: Command): Command =>
  verb.option('--until-reboot', 'after a reboot of the host it is as it was before')
