/** Where the hypervisor says what went wrong without anybody having asked. */
export interface HypervisorLog {
  warn(fields: object, message: string): void
}
