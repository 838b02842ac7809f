// Bytes that were good, spoilt in the ways that find mistakes in who reads them: the same ones for the same seed.

/** As much of a generator of random numbers as is needed here: an integer from 0, below the limit. */
export interface Random {
  below(limit: number): number
}

/** One to four changes. `words`: what the reader looks for, put where it does not belong. */
export function mutated(random: Random, bytes: Buffer, words: readonly string[]): Buffer {
  let result = bytes
  for (let changes = 1 + random.below(4); changes > 0; changes--) result = changed(random, result, words)
  return result
}

function changed(random: Random, bytes: Buffer, words: readonly string[]): Buffer {
  const at = random.below(bytes.length + 1)
  const [before, after] = [bytes.subarray(0, at), bytes.subarray(at)]
  const length = random.below(Math.min(after.length, 40) + 1)
  switch (random.below(6)) {
    case 0:
      return Buffer.concat([before, Buffer.of(random.below(256)), after.subarray(1)])
    case 1:
      return Buffer.concat([before, after.subarray(length)])
    case 2:
      return Buffer.concat([before, after.subarray(0, length), after])
    case 3:
      return Buffer.concat([before, Buffer.from(words[random.below(words.length)]!), after])
    case 4:
      return Buffer.concat([before, Buffer.alloc(random.below(300), before.at(-1) ?? 0x41), after])
    default:
      return before
  }
}

/** The bytes in pieces of random length. */
export function cut(random: Random, bytes: Buffer): Buffer[] {
  const pieces: Buffer[] = []
  for (let at = 0; at < bytes.length; ) {
    const length = 1 + random.below(50)
    pieces.push(bytes.subarray(at, at + length))
    at += length
  }
  return pieces
}
