// A real OpenStack service of Debian's packages for tests: its process, its SQLite file, whether it is installed.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { DatabaseSync } from 'node:sqlite'

/** For each command that such a service is started with. */
export const bounds = { timeout: 60_000, killSignal: 'SIGKILL' } as const

/** Command → Debian package. Answers for node:test's `skip`: which one is missing, or false. */
export function missingCommand(packages: Readonly<Record<string, string>>): string | false {
  for (const [command, name] of Object.entries(packages))
    try {
      execFileSync('which', [command], { stdio: 'ignore' })
    } catch {
      return `${command} is missing (Debian package ${name})`
    }
  return false
}

/** These services read and write through two connections at once, which SQLite locks out otherwise. */
export function letReadersAndWritersBe(file: string): void {
  using database = new DatabaseSync(file)
  database.exec('PRAGMA journal_mode = WAL')
}

export class OpenStackService implements AsyncDisposable {
  readonly #process: ChildProcess
  readonly #name: string

  constructor(name: string, args: readonly string[], env: NodeJS.ProcessEnv = process.env) {
    this.#name = name
    // With its parent it ends, also where the parent is killed.
    const command = ['--pdeathsig', 'KILL', name, ...args]
    this.#process = spawn('setpriv', command, { env, stdio: ['ignore', 'pipe', 'pipe'] })
  }

  /** The first group of `pattern` in what it says: its own words when it serves. */
  says(pattern: RegExp): Promise<string> {
    let said = ''
    return new Promise((resolve, reject) => {
      const give = (up: string) => reject(new Error(`${this.#name} ${up}: ${said.slice(-2000)}`))
      const hear = (chunk: Buffer) => {
        said += chunk
        const [, found] = pattern.exec(said) ?? []
        if (found === undefined) return
        for (const stream of [this.#process.stdout!, this.#process.stderr!]) stream.off('data', hear).resume()
        resolve(found)
      }
      for (const stream of [this.#process.stdout!, this.#process.stderr!]) stream.on('data', hear)
      this.#process.once('exit', () => give('ended'))
      setTimeout(() => give('does not start'), bounds.timeout).unref()
    })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return
    const ended = once(this.#process, 'exit')
    this.#process.kill('SIGKILL')
    await ended
  }
}
