// /openstacknetworkproviders: network providers, whether they can be used, and whose certificates are trusted.
import { list, reference, struct, text } from '@patchbay/ovirt-api/element.ts'
import { readElements, writeElements } from '@patchbay/ovirt-api/json.ts'
import { certificateType, providerType } from '@patchbay/ovirt-api/types/providers.ts'
import type { FastifyInstance } from 'fastify'
import { Fault } from '../../faults.ts'
import type { ProviderSync, SyncChange } from '../../provider-sync/provider-sync.ts'
import type { Health } from '../../providers/circuit-breaker.ts'
import type { ProviderClients } from '../../providers/provider-clients.ts'
import { providerSearch } from '../../search/searchables.ts'
import type { ProviderCertificateService, ShownCertificate } from '../../services/providers/provider-certificates.ts'
import { openVswitch } from '../../services/providers/provider-draft.ts'
import type { ProviderService } from '../../services/providers/providers.ts'
import type { Provider } from '../../store/entities/providers.ts'
import { registerAction, registerResource } from '../http/resource-routes.ts'

const base = '/openstacknetworkproviders'
const bareFault = { bareFault: true }

export function registerProviders(app: FastifyInstance, providers: ProviderService, clients: ProviderClients): void {
  registerResource(app, {
    type: providerType,
    path: base,
    present: (provider: Provider, href) => ({
      value: presentProvider(provider, clients.health(provider)),
      shown: {
        links: { networks: `${href}/networks`, certificates: `${href}/certificates` },
        actions: {
          testconnectivity: `${href}/testconnectivity`,
          importcertificates: `${href}/importcertificates`,
          sync: `${href}/sync`,
        },
      },
    }),
    search: providerSearch,
    list: (_params, wanted) => providers.list(wanted),
    get: ({ id }) => providers.get(id!),
    add: (request) => providers.add(request),
    edit: (request, { id }) => providers.edit(id!, request),
    remove: ({ id }) => providers.remove(id!),
  })
  registerAction(app, `${base}/:id/testconnectivity`, ({ id }) => providers.test(id!), bareFault)
  registerAction(app, `${base}/testconnectivity`, (_params, body) => providers.testUnsaved(unsavedIn(body)), bareFault)
}

const syncAnswer = {
  changes: list('change', struct({ kind: text, network: reference, data_center: reference, failure: text })),
}

/** Ours: the real engine synchronizes by itself only. */
export function registerProviderSync(app: FastifyInstance, { sync }: ProviderSync): void {
  registerAction(
    app,
    `${base}/:id/sync`,
    async ({ id }) => writeElements(syncAnswer, { changes: (await sync(id!)).map(presentChange) }),
    { isAnswered: true },
  )
}

const presentChange = ({ kind, dataCenterId, networkId, name, failure }: SyncChange) => ({
  kind,
  network: { id: networkId || undefined, name },
  data_center: { id: dataCenterId },
  failure: failure || undefined,
})

export function registerProviderCertificates(
  app: FastifyInstance,
  providers: ProviderService,
  certificates: ProviderCertificateService,
): void {
  const chain = async (id: string) => certificates.chain(await providers.get(id))
  registerResource(app, {
    type: certificateType,
    path: `${base}/:provider/certificates`,
    present: (shown: ShownCertificate) => ({ value: presentCertificate(shown) }),
    list: ({ provider }) => chain(provider!),
    async get({ provider, id }) {
      const shown = (await chain(provider!)).find((each) => each.id === id)
      if (!shown) throw new Fault('NOT_FOUND', { what: 'Certificate', id: id! })
      return shown
    },
  })
  registerAction(
    app,
    `${base}/:id/importcertificates`,
    async ({ id }, body) => certificates.trust(await providers.get(id!), contentsIn(body)),
    bareFault,
  )
  // Ours: before the provider is kept.
  registerAction(
    app,
    `${base}/readcertificates`,
    async (_params, body) => {
      const chain = await certificates.chain(await providers.draft(unsavedIn(body)))
      return writeElements(answeredCertificates, { certificates: chain.map(presentCertificate) })
    },
    { ...bareFault, isAnswered: true },
  )
  registerAction(
    app,
    `${base}/importcertificates`,
    (_params, body) => certificates.trust({ name: unsavedIn(body).name ?? '' }, contentsIn(body)),
    bareFault,
  )
}

const answeredCertificates = { certificates: list('certificate', struct(certificateType.fields)) }

const unsavedIn = (body: object) =>
  readElements({ openstack_network_provider: struct(providerType.fields) }, body, 'action')
    .openstack_network_provider ?? {}

function contentsIn(body: object): string[] {
  const given = { certificates: list('certificate', struct({ content: text })) }
  const { certificates = [] } = readElements(given, body, 'action')
  const contents = certificates.map(({ content = '' }) => content)
  if (contents.length === 0)
    throw new Fault('INCOMPLETE_PARAMETERS', {
      what: 'Action [certificates.certificate.content]',
      action: 'importCertificates',
    })
  return contents
}

const presentCertificate = ({ certificate }: ShownCertificate) => ({
  subject: oneLine(certificate.subject),
  issuer: oneLine(certificate.issuer),
  fingerprint: certificate.fingerprint256,
  self_signed: certificate.checkIssued(certificate),
  content: certificate.raw.toString('base64'),
})

const oneLine = (name: string) => name.replaceAll('\n', ', ')

const presentProvider = (provider: Provider, health: Health) => ({
  name: provider.name,
  description: provider.description,
  type: provider.type,
  url: provider.url,
  requires_authentication: provider.requiresAuthentication,
  username: provider.username || undefined,
  authentication_url: provider.authenticationUrl || undefined,
  tenant_name: provider.tenantName || undefined,
  user_domain_name: provider.userDomainName || undefined,
  project_name: provider.projectName || undefined,
  project_domain_name: provider.projectDomainName || undefined,
  external_plugin_type: provider.pluginType || undefined,
  read_only: provider.readOnly,
  plugin_type:
    provider.type === 'neutron' && provider.pluginType === openVswitch ? ('open_vswitch' as const) : undefined,
  auto_sync: provider.autoSync,
  unmanaged: provider.unmanaged,
  properties: Object.entries(provider.properties).map(([name, value]) => ({ name, value })),
  status: health.availability,
  status_detail: health.reason || undefined,
  status_since: health.since > 0 ? new Date(health.since).toISOString() : undefined,
})
