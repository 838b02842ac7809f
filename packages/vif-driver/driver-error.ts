// Why a driver could not do what a verb asked, in codes that every driver shares (after CNI: 1–99 are ours, 100+ yours).

export const driverErrors = {
  /** The request lacks something, or makes no sense. */
  'invalid-request': 1,
  /** The provider knows no such port. */
  'port-not-found': 2,
  /** The provider gave no usable answer; the same call may succeed later. */
  'provider-unavailable': 3,
  /** The host lacks a device, a tool or a right. */
  'host-setup': 4,
  /** The port did not begin to carry frames in time. */
  'not-wired': 5,
  /** The verb took longer than its bound. */
  timeout: 6,
  /** The driver does not do this, and will not later. */
  unsupported: 7,
  /** Anything unexpected inside the driver. */
  internal: 99,
} as const

export type DriverErrorKind = keyof typeof driverErrors

export class DriverError extends Error {
  override readonly name = 'DriverError'
  readonly kind: DriverErrorKind
  readonly code: number

  constructor(kind: DriverErrorKind, message: string, options?: ErrorOptions) {
    super(message, options)
    this.kind = kind
    this.code = driverErrors[kind]
  }
}
