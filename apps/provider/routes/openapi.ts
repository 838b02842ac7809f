// The description of the API for programs, for anybody to read.
import { openApiDocument } from '@patchbay/networking-api/openapi.ts'
import type { ResourceType } from '@patchbay/networking-api/resource.ts'
import type { FastifyInstance } from 'fastify'

export const openApiPath = '/v2.0/openapi.json'

export function registerOpenApi(app: FastifyInstance, types: readonly ResourceType[]): void {
  const document = openApiDocument(types)
  app.get(openApiPath, async () => document)
}
