// A command that fails: one line that says why, and exit code 1. It was used rightly, so its help is not named.
import type { Command } from 'commander'

export async function orRefuse(command: Command, work: () => Promise<void>): Promise<void> {
  try {
    await work()
  } catch (error) {
    command.showHelpAfterError(false).error(`error: ${(error as Error).message}`)
  }
}
