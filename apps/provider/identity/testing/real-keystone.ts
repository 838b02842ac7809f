// A real Keystone for tests, from Debian's package: in a folder of its own, on a free port, gone with the test.
import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { promisify } from 'node:util'
import { bounds, letReadersAndWritersBe, missingCommand, OpenStackService } from './openstack-service.ts'

/** Why tests against a real Keystone cannot run here: for node:test's `skip`. */
export const noKeystone = missingCommand({
  'keystone-manage': 'python3-keystone',
  'keystone-wsgi-public': 'python3-keystone',
  setpriv: 'util-linux',
})

/** Of the user and project `admin`. */
export const password = 'the secret of the administrator'

export class RealKeystone {
  /** Up to and including /v3. */
  readonly url: string
  #adminToken = ''

  constructor(url: string) {
    this.url = url
  }

  /** A token from a password; `scope`: name of the project. */
  async logIn(name: string, secret: string, scope?: string): Promise<string> {
    const domain = { id: 'default' }
    const identity = { methods: ['password'], password: { user: { name, domain, password: secret } } }
    const auth = { identity, scope: scope === undefined ? 'unscoped' : { project: { name: scope, domain } } }
    const { headers } = await this.#send('POST', '/auth/tokens', { auth })
    return headers.get('x-subject-token')!
  }

  async revoke(token: string): Promise<void> {
    await this.#send('DELETE', '/auth/tokens', undefined, { 'x-subject-token': token })
  }

  /** A user with a password and these roles in a project. What is not there yet is made. Answers the project's id. */
  async addUser(name: string, secret: string, project: string, roles: readonly string[]): Promise<string> {
    const projectId = await this.#idOf('project', project)
    const userId = await this.#idOf('user', name, { password: secret })
    for (const role of roles)
      await this.#send('PUT', `/projects/${projectId}/users/${userId}/roles/${await this.#idOf('role', role)}`)
    return projectId
  }

  /** Clients look into the catalog to find a service. */
  async addEndpoint(type: string, url: string): Promise<void> {
    const service_id = await this.#idOf('service', type, { type })
    await this.#send('POST', '/endpoints', { endpoint: { service_id, interface: 'public', url } })
  }

  /** By disabling the user for a moment. */
  async endTokensOf(name: string): Promise<void> {
    const userId = await this.#idOf('user', name)
    for (const enabled of [false, true]) await this.#send('PATCH', `/users/${userId}`, { user: { enabled } })
  }

  async asAdministrator(): Promise<void> {
    this.#adminToken = await this.logIn('admin', password, 'admin')
  }

  async #idOf(kind: string, name: string, more: object = {}): Promise<string> {
    const found = await this.#send('GET', `/${kind}s?name=${encodeURIComponent(name)}`)
    const { [`${kind}s`]: all } = (await found.json()) as Record<string, { id: string }[]>
    if (all?.[0]) return all[0].id
    const made = await this.#send('POST', `/${kind}s`, { [kind]: { name, ...more } })
    return ((await made.json()) as Record<string, { id: string }>)[kind]!.id
  }

  async #send(method: string, path: string, body?: object, headers: Record<string, string> = {}): Promise<Response> {
    const response = await fetch(this.url + path, {
      method,
      headers: { 'content-type': 'application/json', 'x-auth-token': this.#adminToken, ...headers },
      ...(body && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(30_000),
    })
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`)
    return response
  }
}

/** Resolves when it serves: after about 10 s, most of which its Python needs to load. */
export async function startKeystone(t: TestContext): Promise<RealKeystone> {
  const folder = mkdtempSync(join(tmpdir(), 'patchbay-keystone-'))
  const stack = new AsyncDisposableStack()
  t.after(() => stack.disposeAsync())
  stack.defer(() => rmSync(folder, { recursive: true, force: true }))
  const file = configure(folder)
  const manage = (...args: string[]) => promisify(execFile)('keystone-manage', ['--config-file', file, ...args], bounds)
  const owner = ['--keystone-user', 'root', '--keystone-group', 'root']
  await Promise.all([manage('db_sync'), manage('fernet_setup', ...owner)])
  letReadersAndWritersBe(join(folder, 'keystone.db'))
  await manage('bootstrap', '--bootstrap-password', password)
  const env = { ...process.env, OS_KEYSTONE_CONFIG_DIR: folder, OS_KEYSTONE_CONFIG_FILES: 'keystone.conf' }
  const server = stack.use(new OpenStackService('keystone-wsgi-public', ['--host', '127.0.0.1', '--port', '0'], env))
  const keystone = new RealKeystone(`http://127.0.0.1:${await server.says(/Available at http:\/\/\S+:(\d+)\//)}/v3`)
  await keystone.asAdministrator()
  return keystone
}

function configure(folder: string): string {
  const keys = join(folder, 'fernet-keys')
  mkdirSync(keys, { mode: 0o700 })
  const file = join(folder, 'keystone.conf')
  const lines = ['[DEFAULT]', `log_dir = ${folder}`, '[database]', `connection = sqlite:///${folder}/keystone.db`]
  const cheap = ['[identity]', 'password_hash_rounds = 4']
  writeFileSync(file, [...lines, ...cheap, '[fernet_tokens]', `key_repository = ${keys}`, ''].join('\n'))
  return file
}
