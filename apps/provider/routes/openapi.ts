// The description of the API for programs, for anybody to read.
import { openApiDocument } from '@patchbay/networking-api/openapi.ts'
import type { ResourceType } from '@patchbay/networking-api/resource.ts'
import type { FastifyInstance } from 'fastify'
import type { Capabilities } from '../backends/backend.ts'

export const openApiPath = '/v2.0/openapi.json'

export function registerOpenApi(app: FastifyInstance, types: readonly ResourceType[], { wires }: Capabilities): void {
  const document = openApiDocument(types, { wires })
  app.get(openApiPath, async () => document)
}
