// Which tokens ended before their time: their audit ids in a file, forgotten when they would have expired anyway.
import { appendFileSync, existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'

export interface Revocations {
  has(auditId: string): boolean
  /** On disk when this returns. */
  add(auditId: string, expiresAt: Date): void
}

export function openRevocations(file: string, clock: () => number = Date.now): Revocations {
  const revoked = new Map<string, number>(readLines(file).filter(([, expiresAt]) => expiresAt > clock()))
  writeFileSync(`${file}.new`, [...revoked].map(line).join(''), { mode: 0o600, flush: true })
  renameSync(`${file}.new`, file)
  return {
    has: (auditId) => revoked.has(auditId),
    add(auditId, expiresAt) {
      if (revoked.has(auditId)) return
      appendFileSync(file, line([auditId, expiresAt.getTime()]), { flush: true })
      revoked.set(auditId, expiresAt.getTime())
      for (const [old, time] of revoked) if (time <= clock()) revoked.delete(old)
    },
  }
}

const line = ([auditId, expiresAt]: readonly [string, number]) => `${auditId} ${expiresAt}\n`

function readLines(file: string): [string, number][] {
  if (!existsSync(file)) return []
  const lines = readFileSync(file, 'utf8')
    .split('\n')
    .map((text) => text.split(' '))
  return lines.flatMap(([auditId, time]) =>
    auditId && Number(time) > 0 ? [[auditId, Number(time)] as [string, number]] : [],
  )
}
