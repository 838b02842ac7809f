// The API as an OpenAPI 3.1 document, generated from the attributes that requests are read with.
import { networkingErrors } from './errors.ts'
import { type Attribute, pathOf, type ResourceType } from './resource.ts'
import { ipAvailabilityType } from './resources/ip-availability.ts'
import { portBindingType } from './resources/port-bindings.ts'
import { portType } from './resources/ports.ts'
import { quotaType } from './resources/quotas.ts'
import { tagFilterNames, tags } from './resources/tags.ts'
import { tunnelEndpointType } from './resources/tunnel-endpoints.ts'

/** `types`: the resources that the server has. `wires`: whether hosts tell it where ports are wired. */
export function openApiDocument(types: readonly ResourceType[], { wires }: { wires: boolean }): object {
  return {
    openapi: '3.1.0',
    info: { title: 'Patchbay Networking API', version: '2.0', description: "After OpenStack's Networking API v2.0." },
    security: [{ token: [] }],
    paths: {
      ...Object.assign({}, ...types.map(collectionPaths)),
      ...(wires && wirePaths),
      ...bindingPaths,
      ...interfacePaths,
      ...quotaPaths,
      ...ipAvailabilityPaths,
      ...extensionPaths,
      '/v2.0/openapi.json': { get: { ...operation('This document', ok({ type: 'object' })), security: [] } },
    },
    components: {
      securitySchemes: { token: { type: 'apiKey', in: 'header', name: 'X-Auth-Token' } },
      schemas: {
        ...Object.assign(
          {},
          ...[...types, quotaType, portBindingType, tunnelEndpointType, ipAvailabilityType].map(schemasOf),
        ),
        NeutronError,
      },
    },
  }
}

function collectionPaths(type: ResourceType): object {
  const { singular, plural } = type
  const one = wrapped(singular, ref(singular))
  const many = wrapped(plural, { type: 'array', items: ref(singular) })
  const create = { oneOf: [wrapped(singular, ref(`${singular}-create`)), bulk(type)] }
  const update = body(wrapped(singular, ref(`${singular}-update`)))
  const path = `/v2.0/${pathOf(type)}`
  return {
    [path]: {
      get: { ...operation(`List ${plural}`, ok(many)), parameters: listParameters(type) },
      post: { ...operation(`Create one ${singular}, or several`, made({ oneOf: [one, many] })), ...body(create) },
    },
    [`${path}/{id}`]: {
      parameters: [pathParameter('id')],
      get: { ...operation(`Show a ${singular}`, ok(one)), parameters: [fields] },
      put: { ...operation(`Change a ${singular}`, ok(one)), ...update, parameters: [ifMatch] },
      ...(type === portType && {
        post: { ...operation('The same as PUT', ok(one)), ...update, parameters: [ifMatch] },
      }),
      delete: { ...operation(`Delete a ${singular}`, done), parameters: [ifMatch] },
    },
    ...('tags' in type.attributes && tagPaths(path)),
  }
}

function tagPaths(path: string): object {
  return {
    [`${path}/{id}/tags`]: {
      parameters: [pathParameter('id')],
      get: operation('List the tags', ok(wrapped('tags', tags.schema))),
      put: {
        ...operation('Replace all tags', ok(wrapped('tags', tags.schema))),
        ...body(wrapped('tags', tags.schema)),
      },
      delete: operation('Remove all tags', done),
    },
    [`${path}/{id}/tags/{tag}`]: {
      parameters: [pathParameter('id'), pathParameter('tag')],
      get: operation('Whether it has this tag', done),
      put: operation('Add a tag', { 201: { description: 'It has the tag now.' } }),
      delete: operation('Remove a tag', done),
    },
  }
}

const schema = (properties: object, required: readonly string[] = []) => ({
  type: 'object',
  properties,
  ...(required.length > 0 && { required }),
  additionalProperties: false,
})
const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` })
const wrapped = (name: string, value: object) => schema({ [name]: value }, [name])
const bulk = ({ singular, plural }: ResourceType) =>
  wrapped(plural, { type: 'array', items: ref(`${singular}-create`), minItems: 1 })

/** What answers show, and, where a request may give something, what it may give. */
function schemasOf({ singular, attributes }: ResourceType): object {
  const all = Object.entries(attributes)
  const having = (test: (attribute: Attribute) => boolean) =>
    Object.fromEntries(all.filter(([, attribute]) => test(attribute)).map(([name, { schema }]) => [name, schema]))
  const required = all.filter(([, { create }]) => create === 'required').map(([name]) => name)
  const creatable = having(({ create }) => create !== 'refused')
  return {
    [singular]: schema(having(({ hidden }) => !hidden)),
    ...(Object.keys(creatable).length > 0 && {
      [`${singular}-create`]: schema(creatable, required),
      [`${singular}-update`]: schema(having(({ update }) => update !== 'refused')),
    }),
  }
}

const NeutronError = wrapped(
  'NeutronError',
  schema({ type: { enum: Object.keys(networkingErrors) }, message: { type: 'string' }, detail: { type: 'string' } }),
)

const json = (content: object) => ({ 'application/json': { schema: content } })
const body = (content: object) => ({ requestBody: { required: true, content: json(content) } })
const ok = (content: object) => ({ 200: { description: 'As asked.', content: json(content) } })
const made = (content: object) => ({ 201: { description: 'Made.', content: json(content) } })
const done = { 204: { description: 'Done, or so it is.' } }

const operation = (summary: string, responses: object) => ({
  summary,
  responses: {
    ...responses,
    default: { description: 'Refused; nothing was changed.', content: json(ref('NeutronError')) },
  },
})

const text = { type: 'string' }
const pathParameter = (name: string) => ({ name, in: 'path', required: true, schema: text })
const queryParameter = (name: string, content: object = text) => ({ name, in: 'query', schema: content })
const repeated = (name: string) => queryParameter(name, { type: 'array', items: text })
const fields = repeated('fields')
const ifMatch = { name: 'If-Match', in: 'header', schema: { type: 'string', pattern: '^revision_number=\\d+$' } }

const listParameters = ({ attributes }: ResourceType) => [
  ...Object.keys(attributes)
    .filter((name) => name !== 'tags')
    .map(repeated),
  ...('tags' in attributes ? tagFilterNames.map((name) => queryParameter(name)) : []),
  fields,
  repeated('sort_key'),
  repeated('sort_dir'),
  queryParameter('limit', { type: 'integer', minimum: 0 }),
  queryParameter('marker'),
  queryParameter('page_reverse', { type: 'boolean' }),
]

const port = ok(wrapped('port', ref('port')))
const { singular: endpoint, plural: endpoints } = tunnelEndpointType
const wirePaths = {
  '/v2.0/ports/{id}/wires/{host}': {
    parameters: [pathParameter('id'), pathParameter('host')],
    put: operation('The port is wired at this host', port),
    delete: operation('The port is no longer wired at this host', port),
  },
  '/v2.0/tunnel-endpoints': {
    get: operation('Where the hosts are', ok(wrapped(endpoints, { type: 'array', items: ref(endpoint) }))),
  },
  '/v2.0/tunnel-endpoints/{host}': {
    parameters: [pathParameter('host')],
    put: {
      ...operation('Say where a host is', ok(wrapped(endpoint, ref(endpoint)))),
      ...body(wrapped(endpoint, ref(`${endpoint}-update`))),
    },
    delete: operation('Forget where a host is', done),
  },
}

const { singular: binding, plural: bindings } = portBindingType
const shownBinding = ok(wrapped(binding, ref(binding)))
const ofHost = { parameters: [pathParameter('id'), pathParameter('host')] }
const bindingPaths = {
  '/v2.0/ports/{id}/bindings': {
    parameters: [pathParameter('id')],
    get: {
      ...operation('List the bindings', ok(wrapped(bindings, { type: 'array', items: ref(binding) }))),
      parameters: listParameters(portBindingType),
    },
    post: {
      ...operation('Prepare the port at one more host', made(wrapped(binding, ref(binding)))),
      ...body(wrapped(binding, ref(`${binding}-create`))),
    },
  },
  '/v2.0/ports/{id}/bindings/{host}': {
    ...ofHost,
    get: { ...operation('Show a binding', shownBinding), parameters: [fields] },
    put: { ...operation('Change a binding', shownBinding), ...body(wrapped(binding, ref(`${binding}-update`))) },
    delete: operation('Delete a binding', done),
  },
  '/v2.0/ports/{id}/bindings/{host}/activate': {
    ...ofHost,
    put: operation('The port is at this host from now on', ok(ref(binding))),
  },
}

const uuidText = { type: 'string', format: 'uuid' }
const interfaceAnswer = schema({
  ...Object.fromEntries(['id', 'port_id', 'network_id', 'subnet_id'].map((name) => [name, uuidText])),
  tenant_id: text,
  project_id: text,
  subnet_ids: { type: 'array', items: uuidText },
})
const interfaceWish = body(schema({ subnet_id: uuidText, port_id: uuidText }))
const interfacePaths = {
  '/v2.0/routers/{id}/add_router_interface': {
    parameters: [pathParameter('id')],
    put: { ...operation('Connect a subnet, or a port', ok(interfaceAnswer)), ...interfaceWish },
  },
  '/v2.0/routers/{id}/remove_router_interface': {
    parameters: [pathParameter('id')],
    put: { ...operation('Disconnect it', ok(interfaceAnswer)), ...interfaceWish },
  },
}

const quota = ok(wrapped('quota', ref('quota')))
const ofProject = { parameters: [pathParameter('project')] }
const quotaPaths = {
  '/v2.0/quotas': { get: operation('List the quotas of projects that have their own', ok({ type: 'object' })) },
  '/v2.0/quotas/project': { get: operation("The own project's id", ok({ type: 'object' })) },
  '/v2.0/quotas/tenant': { get: operation("The own project's id", ok({ type: 'object' })) },
  '/v2.0/quotas/{project}': {
    ...ofProject,
    get: operation("A project's quota", quota),
    put: { ...operation('Set limits', quota), ...body(wrapped('quota', ref('quota-update'))) },
    delete: operation('Remove the limits', done),
  },
  '/v2.0/quotas/{project}/default': { ...ofProject, get: operation('The quota of projects without their own', quota) },
  '/v2.0/quotas/{project}/details': { ...ofProject, get: operation('With what is used', ok({ type: 'object' })) },
}

const { singular: availability, plural: availabilities } = ipAvailabilityType
const ipAvailabilityPaths = {
  '/v2.0/network-ip-availabilities': {
    get: {
      ...operation(
        'How full the networks are',
        ok(wrapped(availabilities, { type: 'array', items: ref(availability) })),
      ),
      parameters: [...listParameters(ipAvailabilityType), repeated('ip_version')],
    },
  },
  '/v2.0/network-ip-availabilities/{network}': {
    parameters: [pathParameter('network')],
    get: { ...operation('How full a network is', ok(wrapped(availability, ref(availability)))), parameters: [fields] },
  },
}

const extensionPaths = {
  '/v2.0/extensions': { get: operation('What is offered beyond the core', ok({ type: 'object' })) },
  '/v2.0/extensions/{alias}': {
    parameters: [pathParameter('alias')],
    get: operation('One of them', ok({ type: 'object' })),
  },
}
