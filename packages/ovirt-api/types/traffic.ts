// How much went through a vNIC, or a network, within the last minutes: ours, in the style of oVirt's types.
import { int, list, resource, struct, text } from '../element.ts'

export const trafficType = resource('traffic', 'traffics', {
  points: list(
    'point',
    struct({
      time: text,
      /** Bytes per second; absent where nothing is known. */
      rx: int,
      tx: int,
    }),
  ),
})
