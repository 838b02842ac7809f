// By which address other hosts reach this one.
import { networkInterfaces } from 'node:os'

/** The first IPv4 address of a device that is up; undefined when there is none. */
export const underlayAddress = (device: string): string | undefined =>
  networkInterfaces()[device]?.find(({ family }) => family === 'IPv4')?.address
