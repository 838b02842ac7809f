// How a stand-in spoils requests and answers, and what a row of the table of faults is.
import type { Fault, ProxiedAnswer, ProxiedRequest } from './faulty-proxy.ts'

export interface FaultRow {
  readonly what: string
  /** The case that must fail. Its group is what runs. */
  readonly fails: string
  readonly fault: Fault
  /** The fault is in the Identity service. */
  readonly identity?: true
  /** Nothing can be removed through this provider. */
  readonly leaves?: true
}

export type Json = any

export function on(
  method: string,
  path: RegExp,
  change: (answer: ProxiedAnswer, request: ProxiedRequest) => ProxiedAnswer,
): Fault {
  return {
    answer: (answer, request) =>
      request.method === method && path.test(request.path) ? change(answer, request) : answer,
  }
}

/** Changes the body of successful answers. */
export function body(method: string, path: RegExp, change: (json: Json) => Json): Fault {
  return on(method, path, (answer) =>
    answer.status < 300 ? { ...answer, text: JSON.stringify(change(JSON.parse(answer.text))) } : answer,
  )
}

/** Changes every row of a list. */
export function rows(plural: string, change: (row: Json) => Json): Fault {
  return body('GET', new RegExp(`/${plural}(\\?|$)`), (json) => ({ ...json, [plural]: json[plural].map(change) }))
}

/** Changes the body that the good provider gets. */
export function sent(method: string, path: RegExp, change: (json: Json) => Json): Fault {
  return {
    request: (request) =>
      request.method === method && path.test(request.path)
        ? { ...request, text: JSON.stringify(change(JSON.parse(request.text))) }
        : request,
  }
}

export function accepted(root: string, text: string): ProxiedAnswer {
  const attributes = JSON.parse(text)[root]
  const headers = { 'content-type': 'application/json' }
  return { status: 201, headers, text: JSON.stringify({ [root]: { ...attributes, id: crypto.randomUUID() } }) }
}
