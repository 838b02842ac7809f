// Who changes which networks of a provider there are: import, synchronization, removal take turns.

export const providerLock = (providerId: string) => `provider:${providerId}`

/** The provider that a lock is about; undefined for other locks. */
export const lockedProvider = (name: string): string | undefined => /^provider:(.*)$/.exec(name)?.[1]
