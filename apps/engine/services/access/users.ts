// The users of the engine's own directory, and their passwords.
import { randomUUID } from 'node:crypto'
import type { ResourceOf } from '@patchbay/ovirt-api/element.ts'
import type { userType } from '@patchbay/ovirt-api/types/access.ts'
import { hashPassword } from '@patchbay/service/password-hash.ts'
import { domain, encodedId, listedNameOf, loginNameOf, principalIn, userNameOf } from '../../access/directory.ts'
import { system } from '../../access/objects.ts'
import { superUserId } from '../../access/predefined-roles.ts'
import { actingUser } from '../../acting-user.ts'
import type { EventLog } from '../../events/event-log.ts'
import { Fault } from '../../faults.ts'
import type { PasswordCheck } from '../../sso/password-check.ts'
import { checkedPassword } from '../../sso/password-rule.ts'
import type { Sessions } from '../../sso/sessions.ts'
import type { User } from '../../store/entities/access.ts'
import type { Store } from '../../store/store.ts'
import { checkedName, checkedText, existing } from '../names.ts'
import { reading, type ServiceOf } from '../service.ts'

export type UserRequest = ResourceOf<typeof userType>

export interface UserService extends ServiceOf<User, UserRequest> {
  /** By the user, who shows to know the old one; all sessions end but that of `token`. `check`: as at a log-in. */
  changePassword(id: string, change: PasswordChange, check: PasswordCheck | undefined, token?: string): Promise<void>
  /** What the request leaves out stays. */
  edit(id: string, request: UserRequest): Promise<User>
  /** So that the administrator, whose password is in a file, is a user as others are. `name` is what he logs in with. */
  keepAdministrator(name: string): Promise<void>
}

export interface PasswordChange {
  readonly password?: string | undefined
  readonly new_password?: string | undefined
}

export interface UserParts {
  readonly store: Store
  readonly events: EventLog
  readonly sessions: Pick<Sessions, 'endAllOf'>
  /** What he logs in with; undefined where authentication is off. */
  readonly administrator: string | undefined
}

const blank = { firstName: '', lastName: '', email: '', department: '', passwordHash: '', enabled: true }

export function createUserService({ store, events, sessions, administrator }: UserParts): UserService {
  const isAdministrator = (user: User) => administrator !== undefined && isCalled(user, administrator)

  /** Answers the user as it was before, too. `token`: of the session that goes on. */
  async function write(id: string, request: UserRequest, token?: string) {
    const before = await existing(store.users, 'User', id)
    if (isAdministrator(before) && (request.password !== undefined || request.enabled === false))
      throw new Fault('INVALID_VALUE', {
        reason: 'The password of the administrator is in the file of --password-file, and he cannot be disabled.',
      })
    const change = await changesIn(request)
    if (!(await store.users.update(id, change))) throw new Fault('NOT_FOUND', { what: 'User', id })
    if (change.passwordHash !== undefined || change.enabled === false) sessions.endAllOf(loginNameOf(before), token)
    return { before, change }
  }

  async function edit(id: string, request: UserRequest): Promise<User> {
    const { before, change } = await write(id, request)
    const what = [
      ...(change.passwordHash === undefined ? [] : ['has a new password']),
      ...(change.enabled === undefined || change.enabled === before.enabled
        ? []
        : [change.enabled ? 'was enabled' : 'was disabled']),
    ]
    await events.tell(
      'USER_UPDATED',
      `User ${before.userName} ${what.join(' and ') || 'was changed'} by ${actingUser()}.`,
    )
    return { ...before, ...change }
  }

  return {
    ...reading(store.users, 'User'),
    edit,
    async changePassword(id, { password = '', new_password: wanted }, check, token) {
      const user = await existing(store.users, 'User', id)
      if (!check) throw new Fault('UNSUPPORTED', { what: 'Changing a password where nobody logs in' })
      if (wanted === undefined)
        throw new Fault('INCOMPLETE_PARAMETERS', { what: 'Action [new_password]', action: 'change password' })
      // Guesses are bounded for each user, wherever they come from.
      if ((await check.userOf({ name: loginNameOf(user), password }, 'change of password')) === undefined)
        throw new Fault('INVALID_VALUE', { reason: 'The old password is wrong.' })
      await write(id, { password: wanted }, token)
      await events.tell('USER_PASSWORD_CHANGED', `Password changed successfully for ${user.userName}`)
    },
    async add(request) {
      const action = 'add User'
      const principal = checkedPrincipal(request, action)
      const user = {
        ...blank,
        id: randomUUID(),
        principal,
        userName: userNameOf(principal),
        ...(await changesIn(request)),
      }
      await store.transaction(async ({ users }) => {
        const [other] = await users.find({ userName: user.userName })
        if (other) throw new Fault('ACTION_TYPE_FAILED_NAME_ALREADY_USED', { action, name: user.userName })
        await users.insert(user)
      })
      await events.tell('USER_ADD', `User '${user.userName}' was added successfully to the system.`)
      return user
    },
    async remove(id) {
      const removed = await store.transaction(async ({ users, permissions }) => {
        const user = await existing(users, 'User', id)
        if (isAdministrator(user)) throw new Fault('USER_CANNOT_REMOVE_ADMIN_USER')
        if (loginNameOf(user) === actingUser()) throw new Fault('USER_CANNOT_REMOVE_HIMSELF', { action: 'remove User' })
        for (const permission of await permissions.find({ principalId: id })) await permissions.remove(permission.id)
        await users.remove(id)
        return user
      })
      sessions.endAllOf(loginNameOf(removed))
      await events.tell('USER_REMOVE_ADUSER', `User ${removed.userName} was removed by ${actingUser()}.`)
    },
    async keepAdministrator(name) {
      const [principal, userName] = [principalIn(name) ?? name, listedNameOf(name)]
      await store.transaction(async ({ users, permissions }) => {
        const [known] = await users.find({ userName })
        const user = known ?? { ...blank, id: randomUUID(), principal, userName }
        if (!known) await users.insert(user)
        const role = { roleId: superUserId, principalId: user.id, objectType: system.kind, objectId: system.id }
        const [permission] = await permissions.find(role)
        if (!permission) await permissions.insert({ ...role, id: randomUUID() })
      })
    },
  }
}

export const isCalled = ({ userName }: User, loginName: string) => userName === listedNameOf(loginName)

function checkedPrincipal({ user_name, principal, domain: given }: UserRequest, action: string): string {
  const name = user_name ?? principal
  if (name === undefined) throw new Fault('INCOMPLETE_PARAMETERS', { what: 'User [user_name]', action: 'add' })
  const { id, name: domainName } = (given ?? {}) as { id?: string; name?: string }
  const isOurs = (id ?? encodedId(domain)) === encodedId(domain) && (domainName ?? domain) === domain
  const own = principalIn(name)
  if (!isOurs || own === undefined) throw new Fault('USER_MUST_EXIST_IN_DIRECTORY', { action })
  return checkedName(own, 'User', { pattern: /^[\w.@+-]+$/, characters: 'letters, digits, "_", "-", ".", "+" and "@"' })
}

async function changesIn(request: UserRequest): Promise<Partial<User>> {
  const { name, last_name, email, department, password, enabled } = request
  const texts = { firstName: name, lastName: last_name, email, department }
  const given = Object.entries(texts).flatMap(([key, text]) =>
    text === undefined ? [] : [[key, checkedText(text, `The ${key}`, 255)]],
  )
  return {
    ...Object.fromEntries(given),
    ...(password !== undefined && { passwordHash: await hashPassword(checkedPassword(password)) }),
    ...(enabled !== undefined && { enabled }),
  }
}
