// Errors of an OVSDB server: the registry of its words, and the error that a call fails with.

/** The server's words (RFC 7047 sections 3.1, 4.1 and 5.2; ovsdb-server(7), 3.1) → what to do about them. */
export const errorAdvice = {
  // Of an operation, or of the commit of all of them
  'constraint violation': 'Another row may hold the same value of a unique column; else a value is out of its bounds.',
  'referential integrity violation': 'A row refers to one that is not there, or one that is referred to was deleted.',
  'timed out': 'A wait operation did not see what it waited for. If it was a guard, read again and start over.',
  aborted: 'The transaction has an abort operation.',
  'not owner': 'The lock that an assert operation names is not held by this connection.',
  'domain error': 'A mutation has no result, such as a division by zero.',
  'range error': 'A mutation leaves the range of its column.',
  'duplicate uuid-name': 'Two inserts of one transaction have the same name.',
  'duplicate uuid': 'A row with this uuid is there already, or was deleted in the same transaction.',
  'not supported': 'The server cannot do this.',
  'not allowed': 'The server takes no changes: it is a backup, or a database of its own.',
  'permission error': 'Role-based access control of the server does not let this client do it.',
  'resources exhausted': 'The server has not enough memory or disk for it.',
  'I/O error': 'The server could not write its database: look at its disk and its log.',
  'unknown table': 'Compare the schema of the server with what the program expects.',
  'unknown column': 'Compare the schema of the server with what the program expects.',
  'ovsdb error': 'A set has an element twice, or a map a key.',

  // Of a request as a whole
  'syntax error': 'The server does not understand the request: it may be of an older version.',
  'unknown database': 'Check the name of the database and the port of the server.',
  'database not available': 'The server has not joined its cluster, or has lost it: try another one.',
  'unknown method': 'The server is of a version that does not know this method.',
  'unknown monitor': 'The monitor has been cancelled.',
  'invalid parameters': 'The server does not accept these parameters.',
  canceled: 'The server gave the request up without doing anything: its database was removed or converted.',
  'internal error': 'A bug in the server: look at its log.',
} as const

export type ErrorWord = keyof typeof errorAdvice

/** What an error says of an operation. */
export interface FailedOperation {
  readonly op: string
  readonly table?: string
}

/** The server refused. Nothing of the transaction was done. */
export class OvsdbError extends Error {
  override readonly name = 'OvsdbError'
  /** The server's word for what is wrong; one that is not in the registry counts as an internal error. */
  readonly kind: ErrorWord
  /** What the server says about it, without advice. */
  readonly details: string
  /** What failed; undefined if it was the commit, or the request as a whole. */
  readonly operation: FailedOperation | undefined
  /** Its place in the transaction. */
  readonly index: number | undefined

  constructor(
    kind: ErrorWord,
    details: string,
    place: { operation?: FailedOperation | undefined; index?: number } = {},
  ) {
    super(`${whereOf(place.operation, place.index)}${details}. ${errorAdvice[kind]}`)
    this.kind = kind
    this.details = details
    this.operation = place.operation
    this.index = place.index
  }
}

/** From an <error> (RFC 7047 section 3.1), or from the bare string of a request that failed as a whole. */
export function readError(json: unknown, operation?: FailedOperation, index?: number): OvsdbError {
  const { error, details, syntax } = typeof json === 'string' ? { error: json } : ((json ?? {}) as WireError)
  const word = String(error)
  const known = isErrorWord(word)
  const about = [word, details, syntax && `at ${shorten(String(syntax))}`].filter((part) => part)
  const place = index === undefined ? {} : { operation, index }
  return new OvsdbError(known ? word : 'internal error', about.join(': ').replace(/\.$/, ''), place)
}

/** What the server would say, said without asking it. */
export function unknownColumn(table: string, column: string): OvsdbError {
  return new OvsdbError('unknown column', `unknown column: No column ${column} in table ${table}`)
}

export function unknownTable(table: string): OvsdbError {
  return new OvsdbError('unknown table', `unknown table: No table ${table}`)
}

interface WireError {
  readonly error?: unknown
  readonly details?: unknown
  readonly syntax?: unknown
}

function isErrorWord(word: string): word is ErrorWord {
  return Object.hasOwn(errorAdvice, word)
}

function whereOf(operation: FailedOperation | undefined, index: number | undefined): string {
  if (!operation || index === undefined) return ''
  const target = operation.table ? `${operation.op} in ${operation.table}` : operation.op
  return `Operation ${index + 1}, ${target}: `
}

function shorten(text: string): string {
  return text.length > 200 ? `${text.slice(0, 200)}…` : text
}
