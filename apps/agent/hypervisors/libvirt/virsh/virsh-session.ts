// A virsh that stays: it reads one command after the other and keeps its connection, as starting one and connecting takes
// longer than most of what it is asked.
import { type ChildProcess, type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { type CommandEnded, CommandError, commands } from '@patchbay/vif-driver/command.ts'

export interface VirshSessions {
  /**
   * Runs a command, beside those that run already. Answers what it says on its standard output. Throws a CommandError
   * with what it says on the other.
   */
  run(args: readonly string[], timeoutMs: number): Promise<string>
  /** Ends all of them. */
  close(): void
}

interface Session {
  run(args: readonly string[], timeoutMs: number): Promise<string>
  isOpen(): boolean
  kill(): void
}

/** Of those that have nothing to do. */
const mostIdle = 2
const probeMs = 2_000

/** `argv`: virsh with its connection. */
export function openVirshSessions(argv: readonly string[]): VirshSessions {
  const all = new Set<Session>()
  const idle: Session[] = []

  function started(): Session {
    const session = startSession(argv, () => all.delete(session))
    all.add(session)
    return session
  }

  function giveBack(session: Session): void {
    if (!session.isOpen()) return
    if (idle.length < mostIdle) idle.push(session)
    else session.kill()
  }

  async function use(session: Session, args: readonly string[], timeoutMs: number): Promise<string> {
    try {
      return await session.run(args, timeoutMs)
    } finally {
      giveBack(session)
    }
  }

  return {
    async run(args, timeoutMs) {
      let session = idle.pop()
      while (session && !session.isOpen()) session = idle.pop()
      if (session && (await stands(session))) return use(session, args, timeoutMs)
      session?.kill()
      return use(started(), args, timeoutMs)
    },
    close() {
      for (const session of all) session.kill()
    },
  }
}

/** Asked first, as what changes something cannot be asked twice: over a connection that broke meanwhile, nobody knows what was done. */
const stands = (session: Session) =>
  session.run(['hostname'], probeMs).then(
    () => true,
    () => false,
  )

/** One command at a time. */
function startSession(argv: readonly string[], onEnd: () => void): Session {
  const [file = '', ...args] = argv
  // No history in a file, and nothing of a terminal in what it prints.
  const env = { ...process.env, VIRSH_HISTSIZE: '0', TERM: 'dumb', INPUTRC: '/dev/null' }
  const child = spawn(file, args, { stdio: 'pipe', env })
  const heard = listen(child, onEnd)
  // It ends while it is written to: then its end tells.
  child.stdin.on('error', () => {})
  let commandsRun = 0

  async function run(asked: readonly string[], timeoutMs: number): Promise<string> {
    const whole = [...argv, ...asked]
    const mark = `patchbay-${++commandsRun}`
    const lines = markedLines(asked, mark)
    const started = performance.now()
    const late = setTimeout(() => kill(child), timeoutMs)
    heard.said.stdout = ''
    child.stdin.write(lines)
    try {
      let result = resultOf(heard.said, mark)
      for (; !result && heard.isOpen(); result = resultOf(heard.said, mark)) await heard.more()
      if (result?.stderr === '') return result.stdout
      if (result) throw new CommandError(whole, 1, result.stderr, '')
      throw ended(whole, heard.said.stderr, performance.now() - started >= timeoutMs ? timeoutMs : undefined)
    } finally {
      clearTimeout(late)
      heard.said.stderr = ''
      commands.publish({ argv: whole, ms: performance.now() - started } satisfies CommandEnded)
    }
  }

  return { run, isOpen: () => heard.isOpen() && !child.killed, kill: () => kill(child) }
}

function listen(child: ChildProcessWithoutNullStreams, onEnd: () => void) {
  const said = { stdout: '', stderr: '' }
  let open = true
  let wake = () => {}
  for (const stream of ['stdout', 'stderr'] as const)
    child[stream].setEncoding('utf8').on('data', (text: string) => {
      said[stream] += text
      wake()
    })
  const end = () => {
    open = false
    wake()
    onEnd()
  }
  child.on('close', end)
  child.on('error', (error) => {
    said.stderr += error.message
    end()
  })
  return {
    said,
    isOpen: () => open,
    /** It says more, or ends. */
    more: () =>
      new Promise<void>((resolve) => {
        wake = resolve
      }),
  }
}

function kill(child: ChildProcess): void {
  child.kill('SIGKILL')
}

function ended(argv: readonly string[], stderr: string, lateAfterMs: number | undefined): CommandError {
  if (lateAfterMs !== undefined) return new CommandError(argv, undefined, stderr, `no result within ${lateAfterMs} ms`)
  return new CommandError(argv, 1, stderr, 'virsh ended')
}

/**
 * The command is in one line with its marks, and these are in two parts, as virsh repeats each line that it reads. It goes
 * on after a command that fails, and leaves out a line that it cannot read.
 */
function markedLines(args: readonly string[], mark: string): string {
  const unreadable = args.find((arg) => /\p{Cc}/u.test(arg))
  if (unreadable !== undefined) throw new Error(`${JSON.stringify(unreadable)} is no argument for virsh`)
  const twoParts = (text: string) => `'${text.slice(0, 3)}''${text.slice(3)}'`
  const [begin, end] = [`begin-${mark}:`, `:end-${mark}`].map(twoParts)
  return `echo ${begin}; ${args.map(quoted).join(' ')}; echo ${end}\necho --err ${end}\n`
}

const quoted = (arg: string) => `'${arg.replaceAll("'", "'\\''")}'`

/** undefined until all is there. */
function resultOf({ stdout, stderr }: { stdout: string; stderr: string }, mark: string) {
  const errorsEnd = stderr.indexOf(`error: :end-${mark}`)
  if (errorsEnd < 0) return undefined
  const errors = trouble(stderr.slice(0, errorsEnd))
  if (errors !== '') return { stdout: '', stderr: errors }
  const begin = stdout.indexOf(`begin-${mark}:`)
  const end = stdout.lastIndexOf(`:end-${mark}`)
  if (begin < 0 || end < begin) return undefined
  return { stdout: stdout.slice(begin + `begin-${mark}:`.length, end), stderr: '' }
}

/** It connects anew by itself, and says so: that is no failure of the command. */
const trouble = (stderr: string) => stderr.replaceAll(/^error: (Disconnected from|Reconnected to) .*\n/gm, '').trim()
