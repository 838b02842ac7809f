// Where calls between the parts pass one by one: counted, and stopped where a test wants something to happen.

export type Moment = 'before' | 'after'

export interface GatedCall {
  /** The call has been made and not passed on yet. False: it is lost, and so is its connection. */
  before(): Promise<boolean>
  /** Its answer is there and not handed back yet. */
  after(): Promise<boolean>
}

export interface Trap {
  /** Of the calls from now on that match, counted from 1. */
  readonly n: number
  readonly moment: Moment
  matches(call: string): boolean
  /** The call waits for it and is lost then. */
  happening(call: string): Promise<void>
}

export interface Gate {
  /** `call` says who calls whom for what: `engine → host-a: VM.create`. */
  begin(call: string): GatedCall
  arm(trap: Trap): void
  /** Nothing happens any more. Resolves, when it is over, to the call at which it happened. */
  disarm(): Promise<string | undefined>
}

export function createGate(): Gate {
  let armed: Trap | undefined
  let count = 0
  let happened: { readonly call: string; readonly over: Promise<void> } | undefined

  async function pass(call: string, number: number, moment: Moment): Promise<boolean> {
    if (!armed || armed.n !== number || armed.moment !== moment) return true
    const { happening } = armed
    armed = undefined
    happened = { call, over: happening(call) }
    await happened.over
    return false
  }

  return {
    begin(call) {
      const number = armed?.matches(call) ? ++count : 0
      return { before: () => pass(call, number, 'before'), after: () => pass(call, number, 'after') }
    },
    arm(trap) {
      armed = trap
      count = 0
      happened = undefined
    },
    async disarm() {
      armed = undefined
      await happened?.over
      return happened?.call
    },
  }
}
