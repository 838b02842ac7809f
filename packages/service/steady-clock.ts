// For what lasts a while within this process: pauses, sessions, windows of time.

/** ms since 1970 as counted since the process began: it goes on evenly, whatever is done to the machine's clock. */
export const steadyNow = () => Math.round(performance.timeOrigin + performance.now())
