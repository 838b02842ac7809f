// For tests of who may do what: an administrator; ann, a member, and rob, a reader, of project blue; max, a member of red.
import type { TestContext } from 'node:test'
import { hashPassword } from '@patchbay/service/password-hash.ts'
import { writeUsers } from '../identity/users/own-users.ts'
import { startTestProvider } from './test-provider.ts'

/** Each name is how that one sends a request. */
export async function startWithUsers(t: TestContext) {
  const provider = await startTestProvider(t, { administrator: { name: 'admin', password: 'secret' } })
  const passwordHash = await hashPassword('x')
  writeUsers(`${provider.dataDir}/users.json`, [
    { name: 'ann', passwordHash, projects: { blue: ['member'] } },
    { name: 'rob', passwordHash, projects: { blue: ['reader'] } },
    { name: 'max', passwordHash, projects: { red: ['member'] } },
  ])
  const as = async (username: string, password = 'x') => {
    const response = await fetch(`${provider.identityUrl}/tokens`, {
      method: 'POST',
      body: JSON.stringify({ auth: { passwordCredentials: { username, password } } }),
    })
    const headers = { 'x-auth-token': ((await response.json()) as any).access.token.id as string }
    return (method: string, path: string, body?: unknown) => provider.send(method, path, body, headers)
  }
  const [admin, ann, rob, max] = await Promise.all([as('admin', 'secret'), as('ann'), as('rob'), as('max')])
  return { admin, ann, rob, max }
}
