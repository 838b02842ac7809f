// Errors of VDSM's JSON-RPC: the registry of codes, what a call fails with, and how a connection fails.
import { type PythonValue, pythonRepr } from './calls/python-repr.ts'

/** VDSM's names, codes and texts. Engines decide by the code and show the text. */
export const vdsmErrors = {
  // JSON-RPC 2.0, Error object
  ParseError: {
    code: -32700,
    text: 'Invalid JSON was received by the server. An error occurred on the server while parsing the JSON text.',
  },
  InvalidRequest: { code: -32600, text: 'Invalid request' },
  MethodNotFound: { code: -32601, text: 'The method does not exist or is not available' },
  InvalidParams: { code: -32602, text: 'Invalid method parameter(s)' },
  InternalError: { code: -32603, text: 'Internal JSON-RPC error' },

  // Virtual machines
  NoSuchVM: { code: 1, text: 'Virtual machine does not exist' },
  VMExists: { code: 4, text: 'Virtual machine already exists' },
  VMIsDown: { code: 6, text: 'Virtual machine is down' },
  CannotCreateVM: { code: 9, text: 'Error creating the requested VM' },
  SpiceTicketError: { code: 18, text: 'Error while setting spice ticket' },
  VMDestroyFailed: { code: 42, text: 'Virtual machine destroy error' },
  HotplugDiskFailed: { code: 45, text: 'Failed to hotplug disk' },
  HotunplugDiskFailed: { code: 46, text: 'Failed to hotunplug disk' },
  HotplugNicFailed: { code: 49, text: 'Failed to hotplug NIC' },
  HotunplugNicFailed: { code: 50, text: 'Failed to hotunplug NIC' },
  UpdateDeviceFailed: { code: 56, text: 'Failed to update device' },
  SetNumberOfCpusFailed: { code: 60, text: 'Failed to set the number of cpus' },
  HotplugMemoryFailed: { code: 70, text: 'Failed to hotplug memory' },

  // Migration
  MigrationError: { code: 12, text: 'Fatal error during migration' },
  MigrationCancelationFailed: { code: 47, text: 'Migration not in progress' },
  MigrationInProgress: { code: 51, text: 'Command not supported during migration' },
  MigrationNotInProgress: { code: 81, text: 'Migration not in progress' },
  MigrationLimitExceeded: { code: 82, text: 'Incoming migration limit exceeded' },
  MigrationOperationError: { code: 102, text: 'Error occurred during migration' },

  // Host.setupNetworks. VDSM has no texts of its own for these: it always says the reason instead.
  NoConnectionToPeer: { code: 10, text: 'Could not connect to peer VDS' },
  NetworkBadParams: { code: 21, text: 'Bad network parameters' },
  NetworkBadAddress: { code: 22, text: 'Bad network address' },
  NetworkBadNic: { code: 23, text: 'Bad NIC' },
  NetworkUsedNic: { code: 24, text: 'NIC is in use' },
  NetworkBadBonding: { code: 25, text: 'Bad bonding' },
  NetworkBadVlan: { code: 26, text: 'Bad VLAN' },
  NetworkBadBridge: { code: 27, text: 'Bad bridge' },
  NetworkUsedBridge: { code: 28, text: 'Bridge is in use' },
  NetworkFailedIfup: { code: 29, text: 'Failed to bring the interface up' },
  NetworkUsedBond: { code: 31, text: 'Bond is in use' },
  NetworkOvsConnection: { code: 32, text: 'Could not connect to Open vSwitch' },

  // The request and the host
  MissingParameter: { code: 11, text: 'Missing required parameter' },
  UnexpectedError: { code: 16, text: 'Unexpected exception' },
  ResourceUnavailable: { code: 40, text: 'Resource unavailable' },
  MethodNotImplemented: { code: 44, text: 'Not implemented' },
  HookFailed: { code: 78, text: 'Hook error' },
  InvalidParameter: { code: 91, text: 'Invalid parameter' },
  RecoveryInProgress: { code: 99, text: 'Recovering from crash or Initializing' },
  GeneralException: { code: 100, text: 'General Exception' },
  ResourceExhausted: { code: 1100, text: 'Not enough resources' },
  HookError: { code: 1500, text: 'Hook Error' },
} as const

export type VdsmErrorName = keyof typeof vdsmErrors

/** The error of one call, as `{"code", "message"}` on the wire. */
export class VdsmError extends Error {
  override readonly name = 'VdsmError'
  readonly code: number

  constructor(code: number, message: string) {
    super(message)
    this.code = code
  }
}

/**
 * An error of the registry, worded as VDSM does:
 * - `vdsmError('NoSuchVM', { vmId })`: "Virtual machine does not exist: {'vmId': '…'}"
 * - `vdsmError('HookError', [stderr])`, a Buffer: "Hook Error: (b'port not found\\n',)"
 * - `vdsmError('HotplugNicFailed', 'reason')`: "reason" alone
 */
export function vdsmError(
  name: VdsmErrorName,
  detail?: string | readonly PythonValue[] | Readonly<Record<string, PythonValue>>,
): VdsmError {
  const { code, text } = vdsmErrors[name]
  if (detail === undefined) return new VdsmError(code, text)
  if (typeof detail === 'string') return new VdsmError(code, detail)
  return new VdsmError(code, `${text}: ${Array.isArray(detail) ? tuple(detail) : pythonRepr(detail)}`)
}

function tuple(values: readonly PythonValue[]): string {
  return `(${values.map(pythonRepr).join(', ')}${values.length === 1 ? ',' : ''})`
}

export type ConnectionFailure =
  | 'unreachable' // refused, no route, unknown host
  | 'tls' // certificate or protocol mismatch, on either side
  | 'timeout' // no session, or no answer to a call, within the bound
  | 'closed' // cut, by either side, or silent for too long
  | 'protocol' // the other side does not do what VDSM does

/** There is no connection, or no longer. What a lost call did on the host is not known. */
export class VdsmConnectionError extends Error {
  override readonly name: string = 'VdsmConnectionError'
  readonly failure: ConnectionFailure
  readonly host: string
  readonly port: number

  constructor(failure: ConnectionFailure, { host, port }: { host: string; port: number }, message: string) {
    super(message)
    this.failure = failure
    this.host = host
    this.port = port
  }
}

/** No answer to one call within its bound. The connection stands, and the host may still carry the call out. */
export class VdsmTimeoutError extends VdsmConnectionError {
  override readonly name = 'VdsmTimeoutError'
  readonly method: string
  readonly timeoutMs: number

  constructor(where: { host: string; port: number }, method: string, timeoutMs: number) {
    super(
      'timeout',
      where,
      `${method} got no answer from ${where.host} port ${where.port} within ${timeoutMs} ms. The host may still carry it out: look at its state before trying again.`,
    )
    this.method = method
    this.timeoutMs = timeoutMs
  }
}
