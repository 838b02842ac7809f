// The formats of the API: XML, which is oVirt's own, and JSON. Routes answer trees; what the client accepts decides.
import { apiPath } from '@patchbay/ovirt-api/api-path.ts'
import { fromXml, InvalidXml, toXml } from '@patchbay/ovirt-api/xml.ts'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { Fault } from '../../faults.ts'
import { queryOf } from './request-url.ts'

/** Reading XML takes long: more than any request needs would hold up the others. */
const mostXmlBytes = 256 * 1024

/** What a route answers, with the name of its root element in XML. */
export class Answer {
  readonly root: string
  readonly body: object

  constructor(root: string, body: object) {
    this.root = root
    this.body = body
  }
}

export function registerFormats(app: FastifyInstance): void {
  readJson(app)
  readXml(app)
  app.addHook('onRequest', async (request) => {
    const { version = versionIn(request) } = request.headers
    if (isOfApi(request) && version !== undefined && version !== '4')
      throw new Fault('INVALID_VALUE', {
        reason: `Version ${String(version).slice(0, 20)} of the API does not exist: it is 4.`,
      })
  })
  app.addHook('preSerialization', async (request, reply, payload) => {
    if (!(payload instanceof Answer)) return payload
    const { root, body } = payload
    if (formatFor(request) === 'xml') reply.type('application/xml; charset=utf-8').serializer(() => toXml(root, body))
    return body
  })
}

/** Of what Fastify reads by itself, only JSON is left. Clients name that type also where they send nothing. */
function readJson(app: FastifyInstance): void {
  app.removeAllContentTypeParsers()
  const parseJson = app.getDefaultJsonParser('error', 'error')
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    if (body === '') done(null, undefined)
    else parseJson(request, body as string, done)
  })
}

function readXml(app: FastifyInstance): void {
  app.addContentTypeParser(
    /^(application|text)\/xml/,
    { parseAs: 'string', bodyLimit: mostXmlBytes },
    (_request, body, done) => {
      try {
        done(null, body === '' ? undefined : fromXml(body as string))
      } catch (error) {
        if (!(error instanceof InvalidXml)) return done(error as Error)
        done(new Fault('INVALID_VALUE', { reason: `The body is not usable XML: ${error.message.slice(0, 300)}.` }))
      }
    },
  )
}

/** `/ovirt-engine/api/v3/…`; the 4 of the one that there is has been taken out. */
const versionIn = ({ url }: FastifyRequest) => /^\/ovirt-engine\/api\/v(\d+)(?=[/?]|$)/.exec(url)?.[1]

export const isOfApi = ({ routeOptions, url }: FastifyRequest) => (routeOptions.url ?? url).startsWith(apiPath)

/** As oVirt does: `?accept=` goes before the header, and whoever does not care gets XML. */
function formatFor(request: FastifyRequest): 'xml' | 'json' {
  const ranges = acceptedBy(queryOf(request).get('accept') ?? request.headers.accept ?? '')
  const qualityOf = (types: readonly string[]) => Math.max(0, ...types.map((type) => ranges.get(type) ?? 0))
  return qualityOf(['application/json']) > qualityOf(['application/xml', 'text/xml']) ? 'json' : 'xml'
}

/** Media range → quality (RFC 9110, 12.5.1). */
function acceptedBy(header: string): ReadonlyMap<string, number> {
  const ranges = header.toLowerCase().split(',')
  return new Map(
    ranges.map((range) => {
      const [type = '', ...parameters] = range.split(';').map((part) => part.trim())
      const quality = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2)
      return [type, quality === undefined ? 1 : Number(quality) || 0]
    }),
  )
}
