// Who acts: a user in a project with roles. All live in one domain, as Keystone calls its name spaces.

export const defaultDomain = { id: 'default', name: 'Default' } as const

export const roles = ['admin', 'member', 'reader'] as const
/** `admin` may do everything, `member` everything in the project, `reader` look at the project. */
export type Role = (typeof roles)[number]

export interface Project {
  readonly id: string
  readonly name: string
}

export interface User {
  readonly id: string
  readonly name: string
}

/** A user as a token speaks for it. */
export interface Principal {
  readonly user: User
  readonly project: Project
  readonly roles: readonly Role[]
}

/** Where authentication is off, whoever asks is this: an administrator of no project. */
export const anybody: Principal = { user: { id: '', name: '' }, project: { id: '', name: '' }, roles: ['admin'] }

export const isAdmin = ({ roles }: Principal) => roles.includes('admin')
