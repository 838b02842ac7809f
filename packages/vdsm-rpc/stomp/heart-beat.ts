// Heart-beats of STOMP 1.2: what both sides agree on, and the two timers that keep to it.

/** In ms; 0 means none in that direction. */
export interface HeartBeat {
  /** This side is never silent for longer. */
  readonly sendEveryMs: number
  /** Nor is the other. */
  readonly expectEveryMs: number
}

/** A sender does not wait for the last moment of what it promised. */
const sendAfter = 0.75
/** A receiver allows for a busy sender: vdsm-jsonrpc-java waits half as long again. */
const silentAfter = 1.5
/** Longer intervals do not fit into a timer; nobody means them. */
const longestMs = 24 * 60 * 60 * 1000

/** The CONNECT or CONNECTED header's two numbers; what is no number is 0, as VDSM has it. */
export function parseHeartBeat(header = ''): [number, number] {
  const [first, second] = header.split(',').map((part) => (/^\s*\d+\s*$/.test(part) ? Number(part) : 0))
  return [Math.min(first ?? 0, longestMs), Math.min(second ?? 0, longestMs)]
}

/**
 * The server's side of a client's `heart-beat:<cx>,<cy>`. VDSM takes what the client asks for, but nothing below
 * `floorMs`, and so answers `<cy>,<cx>`.
 */
export function acceptHeartBeat(header: string | undefined, floorMs: number): HeartBeat {
  const [cx, cy] = parseHeartBeat(header).map((ms) => (ms === 0 ? 0 : Math.max(ms, floorMs))) as [number, number]
  return { sendEveryMs: cy, expectEveryMs: cx }
}

/** The client's side, after the server's answer: the slower of the two, or none if one side cannot (STOMP 1.2). */
export function agreeHeartBeat(asked: HeartBeat, answer: string | undefined): HeartBeat {
  const [sx, sy] = parseHeartBeat(answer)
  return { sendEveryMs: slower(asked.sendEveryMs, sy), expectEveryMs: slower(asked.expectEveryMs, sx) }
}

function slower(one: number, other: number): number {
  return one === 0 || other === 0 ? 0 : Math.max(one, other)
}

/** The timers of one connection. Any traffic counts as a heart-beat. */
export class Pulse {
  #send: NodeJS.Timeout | undefined
  #silence: NodeJS.Timeout | undefined
  #verdict: NodeJS.Immediate | undefined

  start(heartBeat: HeartBeat, beat: () => void, onSilence: (silentMs: number) => void): void {
    this.stop()
    const { sendEveryMs, expectEveryMs } = heartBeat
    const silentMs = expectEveryMs * silentAfter
    if (sendEveryMs > 0) this.#send = setInterval(beat, sendEveryMs * sendAfter)
    // What came while this process was busy is read first.
    const judge = () => {
      this.#verdict = setImmediate(onSilence, silentMs)
    }
    if (expectEveryMs > 0) this.#silence = setTimeout(judge, silentMs)
  }

  sent(): void {
    this.#send?.refresh()
  }

  received(): void {
    clearImmediate(this.#verdict)
    this.#silence?.refresh()
  }

  stop(): void {
    clearInterval(this.#send)
    clearTimeout(this.#silence)
    clearImmediate(this.#verdict)
  }
}
