// How a case says what it found: a failure, a skip, and the few comparisons that all cases use.
import { isDeepStrictEqual } from 'node:util'
import type { Answer } from './exchange.ts'

/** The provider breaks the rule. The message says what was found, for its author. */
export class CheckFailure extends Error {
  override readonly name = 'CheckFailure'
}

/** The rule cannot be seen on this provider, or not with these options. */
export class CaseSkipped extends Error {
  override readonly name = 'CaseSkipped'
}

export function skip(reason: string): never {
  throw new CaseSkipped(reason)
}

export function must(condition: unknown, found: string): asserts condition {
  if (!condition) throw new CheckFailure(found)
}

/** `what` completes "… is X, expected Y". */
export function same(actual: unknown, expected: unknown, what: string): void {
  must(isDeepStrictEqual(actual, expected), `${what} is ${show(actual)}, expected ${show(expected)}`)
}

/** What the engine takes for success: these four, and nothing else. */
export const isSuccess = ({ status }: Answer) => [200, 201, 202, 204].includes(status)

/** Neutron's refusal: the status, and the type in the body's NeutronError. */
export function mustRefuse(answer: Answer, status: number, type: string): void {
  must(!isSuccess(answer), `the request is accepted with ${answer.status}`)
  same(answer.status, status, 'the status')
  same(errorType(answer.body), type, "the type in the body's NeutronError")
}

export function errorType(body: unknown): unknown {
  const error = isObject(body) ? body.NeutronError : undefined
  return isObject(error) ? error.type : undefined
}

/** `: text` where an Identity service says why. */
export function errorOf(body: unknown): string {
  const error = isObject(body) ? body.error : undefined
  return isObject(error) && typeof error.message === 'string' ? `: ${error.message}` : ''
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export function show(value: unknown): string {
  const text = value === undefined ? 'missing' : JSON.stringify(value)
  return text.length > 300 ? `${text.slice(0, 300)}…` : text
}
