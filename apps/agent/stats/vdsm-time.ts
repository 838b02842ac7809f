// VDSM's clock in statuses and events: monotonic milliseconds, moved so that it never looks like an epoch. For ordering.

export const notifyTime = (): number => Number(process.hrtime.bigint() / 1_000_000n) + 2 ** 31 - 1
export const vdsmTime = (): string => String(notifyTime())
