// A command that fails: one line that says why, and exit code 1.
import type { Command } from 'commander'

export async function orRefuse(command: Command, work: () => Promise<void>): Promise<void> {
  try {
    await work()
  } catch (error) {
    command.error(`error: ${(error as Error).message}`)
  }
}
