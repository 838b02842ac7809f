// Where users come from: what the Identity API asks of any source of users.
import type { Principal, Project, Role, User } from '../principal.ts'

export interface Account extends User {
  readonly assignments: readonly Assignment[]
}

export interface Assignment {
  readonly project: Project
  readonly roles: readonly Role[]
}

export interface Directory {
  /** The account with this name or id and password. A wrong user costs the same time as a wrong password. */
  authenticate(user: { readonly name?: string; readonly id?: string }, password: string): Promise<Account | undefined>
  /** The account as it is now: undefined when it was removed since a token was issued for it. */
  account(id: string): Account | undefined
  accounts(): readonly Account[]
}

/** Name or id of the project that a login asks for. */
export interface ProjectWish {
  readonly id?: string
  readonly name?: string
}

/** The account in the project asked for, or in its first. undefined: it has no role there. */
export function principalOf(account: Account, wish: ProjectWish | undefined): Principal | undefined {
  const assignment = account.assignments.find(
    ({ project }) =>
      (wish?.id === undefined || project.id === wish.id) && (wish?.name === undefined || project.name === wish.name),
  )
  if (!assignment) return undefined
  return { user: { id: account.id, name: account.name }, project: assignment.project, roles: assignment.roles }
}
