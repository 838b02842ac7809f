// Keeps the end of a byte stream in bounded memory.

export interface Tail {
  add(chunk: Buffer): void
  /** The last bytes; if any were dropped, a line saying how many comes first. */
  bytes(): Buffer
}

export function createTail(limitBytes: number): Tail {
  let kept = Buffer.alloc(0)
  let totalBytes = 0
  return {
    add(chunk) {
      totalBytes += chunk.length
      kept = Buffer.concat([kept, chunk]).subarray(-limitBytes)
    },
    bytes() {
      const droppedBytes = totalBytes - kept.length
      return droppedBytes > 0 ? Buffer.concat([Buffer.from(`[${droppedBytes} bytes dropped]\n`), kept]) : kept
    },
  }
}
