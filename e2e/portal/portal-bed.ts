// The portal in a real Chromium, served by an engine of this process with a provider beside it.
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { resolve } from 'node:path'
import type { TestContext } from 'node:test'
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'
import type { EngineConfig } from '../../apps/engine/config.ts'
import { startTestEngine, type TestEngine } from '../../apps/engine/testing/test-engine.ts'

export const portalDir = resolve(import.meta.dirname, '../../apps/web/dist')
const programs = ['chromium', 'chromium-browser', 'google-chrome']

export const administrator = { name: 'admin@internal', password: 'pörtal "secret"' }

/** Why these tests cannot run here; false when they can. */
export function portalUnavailable(): string | false {
  if (!existsSync(`${portalDir}/index.html`)) return 'the portal is not built (npm run build -w apps/web)'
  return program() === undefined && 'no Chromium'
}

const program = () => programs.find((name) => !spawnSync(name, ['--version']).error)

/** One for all tests of a file. */
export async function startBrowser(): Promise<Browser> {
  const path = spawnSync('sh', ['-c', `command -v ${program()}`], { encoding: 'utf8' }).stdout.trim()
  // Tests run as root, where Chromium has no sandbox; it visits only this machine.
  return chromium.launch({ executablePath: path, args: ['--no-sandbox', '--disable-gpu'] })
}

export interface PortalEngine extends TestEngine {
  readonly portal: string
}

/** A browser beside it may keep all cores busy for a while. */
const providerTimeouts = { connectTimeoutMs: 5_000, timeoutMs: 5_000 }

/** With a password; `ask` and its like have it. */
export async function startPortalEngine(t: TestContext, config: Partial<EngineConfig> = {}): Promise<PortalEngine> {
  const engine = await startTestEngine(t, { administrator, portalDir, providerTimeouts, ...config })
  return { ...engine, ...loggedIn(engine), portal: `${engine.url}/ovirt-engine/webadmin` }
}

/** The engine's client, with the administrator's name and password. */
function loggedIn({ send }: TestEngine): Pick<TestEngine, 'send' | 'ask' | 'list'> {
  const secret = Buffer.from(`${administrator.name}:${administrator.password}`).toString('base64')
  const sendAs: TestEngine['send'] = (method, path, body, headers = {}) =>
    send(method, path, body, { authorization: `Basic ${secret}`, ...headers })
  const ask: TestEngine['ask'] = async (method, path, body) => {
    const response = await sendAs(method, path, body)
    if (response.status >= 300) throw new Error(`${method} ${path}: ${response.status} ${response.text}`)
    return response.body
  }
  const list: TestEngine['list'] = async (path) => (Object.values(await ask('GET', path))[0] as any[] | undefined) ?? []
  return { send: sendAs, ask, list }
}

export interface Visit {
  readonly page: Page
  readonly context: BrowserContext
  /** What the page complained about: errors of scripts, things that its policy forbids. */
  readonly complaints: readonly string[]
}

/** A browser window without a session, at `path` below the portal. */
export async function visit(
  t: TestContext,
  browser: Browser,
  engine: Pick<PortalEngine, 'portal'>,
  path = '/',
): Promise<Visit> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, reducedMotion: 'reduce' })
  t.after(async () => {
    await tellFailure(t, page, heard)
    await context.close()
  })
  context.setDefaultTimeout(10_000)
  const page = await context.newPage()
  const [complaints, heard]: [string[], string[]] = [[], []]
  const hear = (message: string) => {
    heard.push(message)
    if (!isOfLoading(message)) complaints.push(message)
  }
  page.on('pageerror', (error) => hear(String(error)))
  page.on('console', (message) => message.type() === 'error' && hear(message.text()))
  await page.goto(engine.portal + path)
  return { page, context, complaints }
}

/** Of a test that failed: what its page showed, and complained about even where that counts for nothing. */
async function tellFailure(t: TestContext, page: Page, heard: readonly string[]): Promise<void> {
  // Node's types do not have it.
  if ((t as TestContext & { readonly passed: boolean }).passed) return
  const shown = await page.locator('body').innerText({ timeout: 1_000 }).catch(String)
  t.diagnostic([`at ${page.url()}:`, shown, ...heard].join('\n'))
}

/**
 * Chromium tells every answer of 400 and more; those are what tests look at themselves. And a test that leaves a page
 * takes away the files of the next one, which are loaded as soon as the mouse is above a link to it; without them the
 * next one is not shown, which a test sees.
 */
const isOfLoading = (message: string) =>
  /^Failed to load resource|Unable to preload CSS|Failed to fetch dynamically imported module/.test(message)

export async function logIn(page: Page, password = administrator.password, name = administrator.name): Promise<void> {
  await page.getByLabel('User name').fill(name)
  await page.getByLabel('Password').fill(password)
  await page.getByRole('button', { name: 'Log in' }).click()
}

export async function visitLoggedIn(
  t: TestContext,
  browser: Browser,
  engine: Pick<PortalEngine, 'portal'>,
  path = '/',
): Promise<Visit> {
  const visited = await visit(t, browser, engine, path)
  await logIn(visited.page)
  await visited.page.getByRole('navigation', { name: 'Main', includeHidden: true }).waitFor({ state: 'attached' })
  return visited
}

/** Fonts are there and nothing moves any more, but for what never ends, as a spinner. */
export async function untilStill(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const { document } = globalThis as any
    await document.fonts.ready
    const ends = (each: any) => each.effect.getComputedTiming().endTime < Number.POSITIVE_INFINITY
    await Promise.all(
      document
        .getAnimations()
        .filter(ends)
        .map((each: any) => each.finished.catch(() => {})),
    )
  })
}

const axeSource = createRequire(import.meta.url).resolve('axe-core/axe.min.js')

/** Serious and critical violations of accessibility, as axe tells them. */
export async function violations(page: Page): Promise<string[]> {
  // A text that fades in has too little contrast until it is there.
  await untilStill(page)
  // By the debugger: the page's policy lets no other script in.
  await page.evaluate(readFileSync(axeSource, 'utf8'))
  const found: { impact: string; id: string; nodes: { html: string }[] }[] = await page.evaluate(
    async () => (await (globalThis as any).axe.run()).violations,
  )
  return found
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)
}
