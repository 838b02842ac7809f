// A page whose files are loaded when one goes there, or seems about to.
import { lazyRouteComponent } from '@tanstack/react-router'

/** ms: an engine that restarts, or a machine that changes its network, is back in a moment. */
const pauses = [200, 1_000, 3_000]

/** `name`: as its file exports it. Where the file is gone for good, the router loads all of the portal anew, once. */
export const page: typeof lazyRouteComponent = (load, name) => lazyRouteComponent(() => persistently(load), name)

async function persistently<Loaded>(load: () => Promise<Loaded>): Promise<Loaded> {
  for (const pause of pauses) {
    try {
      return await load()
    } catch {
      await new Promise((over) => setTimeout(over, pause))
    }
  }
  return load()
}
