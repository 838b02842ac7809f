// The status of a host in oVirt's words, from what it is there for and from the connection to it.
import type { Host } from '../store/entities/infrastructure.ts'

export const shownStatus = ({ duty, status }: Pick<Host, 'duty' | 'status'>) => (duty === 'active' ? status : duty)
