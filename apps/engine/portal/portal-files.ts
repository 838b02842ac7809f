// The portal's files, as its build left them: hashed names may be kept for ever, texts lie there compressed.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import staticFiles from '@fastify/static'
import type { FastifyInstance, FastifyReply } from 'fastify'
import { securityHeaders } from './security-headers.ts'

export const portalPath = '/ovirt-engine/webadmin'

/** `dir`: of `npm run build` in apps/web. Where it is missing, a page says what to do. */
export async function registerPortalFiles(app: FastifyInstance, dir: string): Promise<void> {
  app.get('/', async (_request, reply) => reply.redirect(`${portalPath}/`))
  await app.register(async (portal) => {
    portal.addHook('onSend', async (_request, reply) => void reply.headers(securityHeaders))
    if (!existsSync(join(dir, 'index.html'))) {
      portal.get(`${portalPath}/*`, async (_request, reply) => reply.code(503).type('text/html').send(notBuilt))
      return
    }
    await portal.register(staticFiles, {
      root: dir,
      prefix: `${portalPath}/`,
      wildcard: false,
      preCompressed: true,
      cacheControl: false,
      setHeaders: (reply, path) => void reply.header('cache-control', caching(path)),
    })
    portal.get(`${portalPath}/*`, async ({ url }, reply) => {
      // A page of an older build asks for files that are gone: a 404 makes it load the new one.
      if (url.startsWith(`${portalPath}/assets/`)) return reply.callNotFound()
      return page(reply)
    })
  })
}

/** Every place in the portal is this page, which reads its address. */
const page = (reply: FastifyReply) => reply.sendFile('index.html')

const caching = (path: string) => (path.includes('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache')

const notBuilt = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Patchbay</title>
<h1>The portal is not built</h1>
<p>Run <code>npm run build -w apps/web</code> in the checkout that this engine runs from, and restart the engine.
The REST API is at <a href="/ovirt-engine/api">/ovirt-engine/api</a>.</p>`
