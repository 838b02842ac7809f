// What a host has, against what Host.setupNetworks asked for.
import type { HostCapabilities } from '../store/entities/infrastructure.ts'
import type { SetupParameters } from './setup-parameters.ts'

type Asked = Readonly<Record<string, object>>

/** A host refuses to remove what it does not have. */
export function withoutWhatIsGone(
  { networks, bondings, options }: SetupParameters,
  told: HostCapabilities,
): SetupParameters {
  return { networks: present(networks, told.networks), bondings: present(bondings, told.bondings), options }
}

const present = (asked: Asked, there: object = {}): Asked =>
  Object.fromEntries(Object.entries(asked).filter(([name, item]) => !isRemoval(item) || Object.hasOwn(there, name)))

/** Whether it has been carried out. False of a host that cannot be asked. */
export function isAsAsked({ networks, bondings }: SetupParameters, told: HostCapabilities | undefined): boolean {
  if (told === undefined) return false
  const isSo = (asked: Asked, there: Readonly<Record<string, object>> = {}) =>
    Object.entries(asked).every(([name, item]) =>
      isRemoval(item) ? !Object.hasOwn(there, name) : Object.hasOwn(there, name) && hasAddress(item, there[name]!),
    )
  return isSo(networks, told.networks) && isSo(bondings, told.bondings)
}

const isRemoval = (item: object) => 'remove' in item

const hasAddress = ({ ipaddr }: { ipaddr?: string }, { addr }: { addr?: string }) =>
  ipaddr === undefined || ipaddr === addr
