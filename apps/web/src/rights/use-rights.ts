// What whoever is logged in may do, asked by buttons beforehand. The engine decides, whatever is shown.
import { clusterType } from '@patchbay/ovirt-api/types/infrastructure.ts'
import { useQuery } from '@tanstack/react-query'
import { collection } from '../engine/queries.ts'
import { useSession } from '../session/session-gate.tsx'
import { text } from '../text/rights.ts'
import { may, mayAnywhere, objectsOf, type Thing } from './rights.ts'

export interface OwnRights {
  readonly isAdministrator: boolean
  readonly mayEverything: boolean
  /** With the permit on one of the things, on what it belongs to or on the system; undefined: it may be done. */
  whyNot(permit: string, ...things: Thing[]): string | undefined
  /** With the permit on anything at all: where it is, is chosen later. */
  whyNowhere(permit: string): string | undefined
}

export function useRights(): OwnRights {
  const { rights } = useSession()
  const { data: clusters = [] } = useQuery({ ...collection(clusterType, '/clusters'), enabled: !rights.everything })
  return {
    isAdministrator: rights.administrator,
    mayEverything: rights.everything,
    whyNot: (permit, ...things) =>
      may(rights, permit, objectsOf(things, clusters)) ? undefined : text.notAllowed(permit),
    whyNowhere: (permit) => (mayAnywhere(rights, permit) ? undefined : text.notAllowedAnywhere(permit)),
  }
}
