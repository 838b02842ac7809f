// The real ovirt-provider-ovn, from a checkout of its source: Debian has no package of it. It runs on Debian's packages
// python3-ovsdbapp, python3-openvswitch and python3-netaddr, on any northbound database, with an engine's users.
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Lab } from '../lab/lab.ts'
import { until } from '../lab/until.ts'

/** Where its source is. */
export const checkout = process.env.OVIRT_PROVIDER_OVN ?? ''
export const noCheckout =
  !existsSync(join(checkout, 'provider/ovirt_provider_ovn.py')) &&
  'OVIRT_PROVIDER_OVN does not say where a checkout of ovirt-provider-ovn is'

const ports = { networking: 19_896, identity: 19_897 }
/** What it knows from its package: where its files are, and which version it is. */
const program = `
import sys, types
source, folder = sys.argv[1:]
sys.path.insert(0, source)
sys.modules['version'] = types.SimpleNamespace(VERSION='-', RELEASE='-', TIMESTAMP='-', GITHASH='-')
import ovirt_provider_config, ovirt_provider_ovn
ovirt_provider_config.CONFIG_FILE = folder + '/ovirt-provider-ovn.conf'
ovirt_provider_ovn.LOG_CONFIG_FILE = folder + '/logger.conf'
ovirt_provider_ovn.main()
`

export interface OvirtProviderOvn {
  readonly url: string
  readonly authUrl: string
}

/** Resolves when it answers. It ends with the laboratory. */
export async function startProviderOvn(
  lab: Lab,
  { northbound, engine, secret }: { northbound: string; engine: string; secret: string },
): Promise<OvirtProviderOvn> {
  const folder = join(lab.dir, 'ovirt-provider-ovn')
  mkdirSync(folder)
  writeFileSync(join(folder, 'ovirt-provider-ovn.conf'), configuration(northbound, engine, secret))
  writeFileSync(join(folder, 'logger.conf'), loggers)
  // Debian's python: the packages are its own.
  const argv = ['/usr/bin/python3', '-c', program, join(checkout, 'provider'), folder]
  const running = lab.spawn(argv, { log: 'ovirt-provider-ovn.log' })
  const url = `http://127.0.0.1:${ports.networking}`
  const answers = () =>
    fetch(`${url}/v2.0/networks`).then(
      () => true,
      () => false,
    )
  if (!(await until(async () => !running.alive() || (await answers()), 20_000)) || !running.alive())
    throw new Error(`ovirt-provider-ovn did not start: see ${running.log}`)
  return { url, authUrl: `http://127.0.0.1:${ports.identity}/v2.0` }
}

const configuration = (northbound: string, engine: string, secret: string) => `
[PROVIDER]
neutron-port=${ports.networking}
keystone-port=${ports.identity}
provider-host=127.0.0.1
url_filter_exception=limit,page_reverse,next,previous
[OVN REMOTE]
ovn-remote=${northbound}
[NETWORK]
port-security-enabled-default=true
[AUTH]
auth-plugin=auth.plugins.ovirt:AuthorizationByUserName
[OVIRT]
ovirt-host=${engine}
ovirt-base=/ovirt-engine
ovirt-sso-client-id=ovirt-provider-ovn
ovirt-sso-client-secret=${secret}
ovirt-admin-user-name=admin@internal
`

const loggers = `
[loggers]
keys=root
[handlers]
keys=console
[formatters]
keys=
[logger_root]
level=INFO
handlers=console
[handler_console]
class=StreamHandler
args=()
`
