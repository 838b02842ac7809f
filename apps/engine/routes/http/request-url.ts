// Where a request goes, in the ways that oVirt's clients write it.
import { apiPath } from '@patchbay/ovirt-api/api-path.ts'
import type { FastifyRequest } from 'fastify'

export const queryOf = ({ url }: Pick<FastifyRequest, 'url'>) => new URLSearchParams(url.split('?')[1] ?? '')

/**
 * The version may stand in the path (`/ovirt-engine/api/v4/vms`), and parameters may be of the matrix kind
 * (`/vms;max=5;search=name=web*`): both become what routes know.
 */
export function normalUrl(url: string): string {
  const [path = '', query] = splitOnce(url, '?')
  if (!path.startsWith(apiPath)) return url
  const matrix: string[] = []
  const plain = path.split('/').map((segment) => {
    const [name = '', ...parameters] = segment.split(';')
    matrix.push(...parameters.filter((parameter) => parameter !== ''))
    return name
  })
  const unversioned = plain.join('/').replace(/^\/ovirt-engine\/api\/v4(?=\/|$)/, apiPath)
  const parameters = [...matrix.map(asQuery), ...(query ? [query] : [])].join('&')
  return parameters === '' ? unversioned : `${unversioned}?${parameters}`
}

/** In a query, `+` would be a blank. */
const asQuery = (parameter: string) => parameter.replaceAll('+', '%2B')

function splitOnce(text: string, at: string): [string, string | undefined] {
  const index = text.indexOf(at)
  return index < 0 ? [text, undefined] : [text.slice(0, index), text.slice(index + 1)]
}
