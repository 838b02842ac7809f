// The engine's REST API as the laboratory uses it: what one would do with curl.

export interface Answer {
  readonly status: number
  readonly body: any
}

/** An answer that is not a success, with the engine's own words. */
export class EngineRefused extends Error {
  override readonly name = 'EngineRefused'
  readonly status: number

  constructor(method: string, path: string, { status, body }: Answer) {
    const { detail, reason } = body?.fault ?? body ?? {}
    super(`${method} ${path}: ${status} ${reason ?? ''} ${detail ?? ''}`.trim())
    this.status = status
  }
}

const timeoutMs = 120_000

export class EngineApi {
  readonly #root: string
  readonly #authorization: string

  constructor(root: string, user: string, password: string) {
    this.#root = root
    this.#authorization = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`
  }

  /** Whatever the answer is. `path` is below the API's root, or an href. */
  async send(method: string, path: string, body?: object): Promise<Answer> {
    const url = path.startsWith('/ovirt-engine') ? new URL(path, this.#root).href : this.#root + path
    const response = await fetch(url, {
      method,
      headers: {
        accept: 'application/json',
        authorization: this.#authorization,
        ...(body && { 'content-type': 'application/json' }),
      },
      body: body && JSON.stringify(body),
      signal: AbortSignal.timeout(timeoutMs),
    })
    const text = await response.text()
    return { status: response.status, body: text === '' ? undefined : JSON.parse(text) }
  }

  /** The body of a success; throws EngineRefused otherwise. */
  async call(method: string, path: string, body?: object): Promise<any> {
    const answer = await this.send(method, path, body)
    if (answer.status >= 300) throw new EngineRefused(method, path, answer)
    return answer.body
  }

  get = (path: string) => this.call('GET', path)
  post = (path: string, body: object = {}) => this.call('POST', path, body)
  delete = (path: string) => this.call('DELETE', path)

  /** The items of a collection; oVirt leaves the key out of an empty one. */
  async list(path: string): Promise<any[]> {
    const [items] = Object.values(await this.get(path))
    return (items as any[] | undefined) ?? []
  }
}
