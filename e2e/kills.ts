// What is killed at which calls.
import type { Bed } from './bed.ts'
import type { Killing } from './kill-at-every-call.ts'

/** The engine, at every call it makes to the outside. */
export const killEngine = ({ services }: Bed): Killing => ({
  matches: (call) => call.startsWith('engine →'),
  victim: () => services.engine!,
})

/** The provider, at every call that engine or hosts make to it. */
export const killProvider = ({ services }: Bed): Killing => ({
  matches: (call) => call.includes('→ provider'),
  victim: () => services.provider!,
})

/** A host's agent, at every call the engine makes to it, and every call its driver makes in the middle of that. */
export const killAgent = ({ services }: Bed): Killing => ({
  matches: (call) => aHost.test(call),
  victim: (call) => services[aHost.exec(call)![0]]!,
})

const aHost = /host-[ab]/
