/** To all processes of the group that a call's process leads. */
export function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal)
  } catch {
    // Nobody is left in the group (ESRCH), or only processes of another user are (EPERM).
  }
}
