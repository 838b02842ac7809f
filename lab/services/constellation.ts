// A whole Patchbay in a laboratory: provider and engine on this side of the underlay, an agent on each host.
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { type Certificate, createAuthority } from '../certificates.ts'
import type { DataPlane } from '../data-planes/data-plane.ts'
import { startDataPlane } from '../data-planes/start-data-plane.ts'
import { type GuestShell, inNamespace } from '../guests/guest.ts'
import { guestImage } from '../guests/guest-image.ts'
import { inMachine } from '../guests/guest-shell.ts'
import { bootImage, prepareLibvirt } from '../guests/libvirt-host.ts'
import type { LabHost } from '../hosts/lab-host.ts'
import { createLab, type Lab, type LabOptions } from '../lab.ts'
import { allDone } from '../processes/all-done.ts'
import type { LabProcess } from '../processes/lab-process.ts'
import { until } from '../until.ts'
import { EngineApi } from './engine-api.ts'
import { createProviderApi, type ProviderApi } from './provider-api.ts'

export interface Constellation extends AsyncDisposable {
  readonly lab: Lab
  readonly dataPlane: DataPlane
  /** The REST API of the engine, with the administrator's credentials. */
  readonly engine: EngineApi
  /** The Networking API of the provider, likewise. */
  readonly provider: ProviderApi
  readonly urls: { readonly engine: string; readonly provider: string; readonly identity: string }
  readonly user: string
  readonly password: string
  /** What the hosts run, and how one looks into it. */
  readonly guests: 'netns' | 'libvirt'
  readonly inGuest: GuestShell
  /** The services by name: `provider`, `engine`, and the names of the hosts. */
  readonly services: Readonly<Record<string, Service>>
}

/** A service that can be killed and started again with the same state. */
export interface Service {
  readonly log: string
  readonly process: LabProcess
  /** Resolves when it serves. */
  start(): Promise<void>
  kill(signal?: NodeJS.Signals): Promise<void>
}

export interface ConstellationOptions extends LabOptions {
  /** Of the provider. Default: embedded. */
  readonly backend?: 'embedded' | 'ovn'
  /** Engine and hosts speak mutual TLS, with certificates of the laboratory's own. */
  readonly tls?: boolean
  /** Namespaces, or virtual machines of a libvirtd on each host that boot the laboratory's image. */
  readonly guests?: 'netns' | 'libvirt'
  /** More options of the engine, as in its configuration file. */
  readonly engine?: (lab: Lab) => object
  /** More options of each agent, likewise. */
  readonly agent?: (host: LabHost) => object
}

const root = resolve(import.meta.dirname, '../..')
const readyTimeoutMs = 60_000
const askEveryMs = 20
const user = 'admin'

export async function startConstellation(options: ConstellationOptions): Promise<Constellation> {
  await using started = new AsyncDisposableStack()
  const lab = started.use(await createLab(options))
  const dataPlane = await startDataPlane(lab, options.backend ?? 'embedded')
  const password = 'laboratory'
  const urls = {
    provider: `http://${lab.address}:9696`,
    identity: `http://${lab.address}:35357/v2.0`,
    engine: `http://${lab.address}:8080/ovirt-engine/api`,
  }
  const certificates = options.tls ? await issueCertificates(lab) : new Map<string, Certificate>()
  const { guests = 'netns' } = options
  if (guests === 'libvirt') await startLibvirt(lab.hosts, certificates)
  const services = {
    provider: providerService(lab, password, dataPlane),
    engine: engineService(lab, password, certificates.get('engine'), options.engine?.(lab)),
    ...Object.fromEntries(
      lab.hosts.map((host) => {
        const more = { hypervisor: guests, ...agentTls(certificates.get(host.name)), ...options.agent?.(host) }
        return [host.name, agentService(host, dataPlane, urls, password, more)]
      }),
    ),
  }
  await Promise.all(Object.values(services).map((service) => service.start()))
  const provider = started.use(createProviderApi(urls.provider, urls.identity, user, password))
  const stack = started.move()
  return {
    lab,
    dataPlane,
    services,
    guests,
    inGuest: guests === 'libvirt' ? inMachine : inNamespace,
    urls,
    user: `${user}@internal`,
    password,
    engine: new EngineApi(urls.engine, `${user}@internal`, password),
    provider,
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  }
}

function providerService(lab: Lab, password: string, dataPlane: DataPlane): Service {
  const options = {
    listen: `${lab.address}:9696`,
    'identity-listen': `${lab.address}:35357`,
    'data-dir': join(lab.dir, 'provider'),
    user,
    'password-file': passwordFile(lab.dir, password),
    ...dataPlane.providerOptions,
  }
  return service(lab, lab.dir, 'provider', options, () => answers(`http://${lab.address}:9696/readyz`))
}

function engineService(
  lab: Lab,
  password: string,
  certificate: Certificate | undefined,
  more: object | undefined,
): Service {
  const options = {
    listen: `${lab.address}:8080`,
    database: `sqlite:${join(lab.dir, 'engine', 'engine.sqlite')}`,
    'password-file': passwordFile(lab.dir, password),
    'provider-timeout': 5,
    ...(certificate && {
      'hosts-ca': certificate.ca,
      'hosts-cert': certificate.cert,
      'hosts-key': certificate.key,
    }),
    ...more,
  }
  return service(lab, lab.dir, 'engine', options, () => answers(`http://${lab.address}:8080/readyz`))
}

function agentService(
  host: LabHost,
  dataPlane: DataPlane,
  urls: Constellation['urls'],
  password: string,
  more: object,
): Service {
  const provider = {
    url: urls.provider,
    'auth-url': urls.identity,
    username: user,
    'password-file': passwordFile(host.dir, password),
  }
  const options = {
    'health-listen': `${host.address}:54322`,
    drivers: [...dataPlane.drivers(provider), { driver: 'noop' }],
    'hooks-dir': hooksDirOf(host),
    ...more,
  }
  return service(host, host.dir, 'agent', options, () => answers(`http://${host.address}:54322/readyz`))
}

const hooksDirOf = (host: LabHost) => join(host.dir, 'hooks')

async function startLibvirt(hosts: readonly LabHost[], certificates: ReadonlyMap<string, Certificate>): Promise<void> {
  const image = await guestImage()
  await allDone(
    hosts.map(async (host) => {
      bootImage(hooksDirOf(host), image)
      await (await prepareLibvirt(host, { certificate: certificates.get(host.name) })).start()
    }),
  )
}

function agentTls(certificate: Certificate | undefined): object {
  if (!certificate) return { insecure: true }
  return { 'tls-ca': certificate.ca, 'tls-cert': certificate.cert, 'tls-key': certificate.key }
}

/** Name → certificate, for the engine and for each host in its own folder. */
async function issueCertificates(lab: Lab): Promise<Map<string, Certificate>> {
  const authority = await createAuthority(join(lab.dir, 'authority'))
  const engine = { name: 'engine', dir: join(lab.dir, 'engine'), address: lab.address }
  const issued = [engine, ...lab.hosts].map(
    async ({ name, dir, address }) => [name, await authority.issue(name, join(dir, 'tls'), address)] as const,
  )
  return new Map(await Promise.all(issued))
}

function service(
  place: Lab | LabHost,
  dir: string,
  name: string,
  options: object,
  ready: () => Promise<boolean>,
): Service {
  const config = join(dir, `${name}.yaml`)
  // JSON is YAML.
  writeFileSync(config, JSON.stringify(options, null, 2))
  const argv = [process.execPath, join(root, 'apps', name, 'main.ts'), '--config', config]
  let running: LabProcess | undefined
  return {
    log: join(dir, `${name}.log`),
    get process() {
      if (!running) throw new Error(`${name} has not been started`)
      return running
    },
    async start() {
      const starting = place.spawn(argv, { log: `${name}.log` })
      running = starting
      const serves = await until(async () => !starting.alive() || (await ready()), readyTimeoutMs, askEveryMs)
      if (!serves || !starting.alive())
        throw new Error(`${name} did not start; its log ends with:\n${tail(starting.log)}`)
    },
    async kill(signal = 'SIGKILL') {
      running?.kill(signal)
      await running?.exited
    },
  }
}

/** Read by the service itself, so that no password is on a command line. */
function passwordFile(dir: string, password: string): string {
  const file = join(dir, 'password')
  if (!existsSync(file)) {
    mkdirSync(dir, { recursive: true })
    writeFileSync(file, `${password}\n`)
    chmodSync(file, 0o600)
  }
  return file
}

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(url, { signal: AbortSignal.timeout(1_000) })).ok
  } catch {
    return false
  }
}

const tail = (file: string) => readFileSync(file, 'utf8').split('\n').slice(-15).join('\n')
