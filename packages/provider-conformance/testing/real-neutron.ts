// A real Neutron for tests, from Debian's package: ML2 on SQLite, in a folder of its own, on a free port, gone with the test.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { missingCommand, OpenStackService } from '../../../apps/provider/identity/testing/openstack-service.ts'
import { noKeystone, type RealKeystone } from '../../../apps/provider/identity/testing/real-keystone.ts'

/** Why tests against a real Neutron cannot run here: for node:test's `skip`. */
export const noNeutron = missingCommand({ 'neutron-server': 'neutron-common' }) || noKeystone

/** Flat and VLAN networks may be made on it. */
export const physicalNetwork = 'physnet1'

const user = { name: 'neutron', password: "Neutron's own" }

/** Its users are those of `keystone`, which it finds in that one's catalog. Answers its URL, without the version, when it serves: after about 10 s. */
export async function startNeutron(t: TestContext, keystone: RealKeystone): Promise<string> {
  await keystone.addUser(user.name, user.password, 'service', ['service'])
  await keystone.addEndpoint('identity', keystone.url)
  const folder = mkdtempSync(join(tmpdir(), 'patchbay-neutron-'))
  const stack = new AsyncDisposableStack()
  t.after(() => stack.disposeAsync())
  stack.defer(() => rmSync(folder, { recursive: true, force: true }))
  const database = `sqlite:///${join(folder, 'neutron.db')}`
  const file = join(folder, 'neutron.conf')
  writeFileSync(file, configuration(folder, database, keystone.url))
  const server = stack.use(new OpenStackService('/usr/bin/python3', ['-c', serve, database, '--config-file', file]))
  return server.says(/wsgi starting up on (http:\S+:\d+)/)
}

/**
 * What `neutron-server` does, after two things. The tables are made without the migrations, which SQLite cannot run. And what
 * belongs to a row is loaded with it, not by a query more for each table: half of Neutron's time went into composing those.
 */
const serve = `
import sys
from sqlalchemy import create_engine
from sqlalchemy.orm.relationships import RelationshipProperty

relate = RelationshipProperty.__init__
def relate_joined(self, *args, lazy='select', **options):
    relate(self, *args, lazy='joined' if lazy == 'subquery' else lazy, **options)
RelationshipProperty.__init__ = relate_joined

from neutron.cmd.eventlet.server import main
from neutron.db.migration.models import head
engine = create_engine(sys.argv.pop(1))
# It reads and writes through two connections at once, which SQLite locks out otherwise.
with engine.connect() as connection:
    connection.exec_driver_sql('PRAGMA journal_mode = WAL')
head.get_metadata().create_all(engine)
main()
`

const configuration = (folder: string, database: string, keystoneUrl: string) => `
[DEFAULT]
bind_host = 127.0.0.1
bind_port = 0
core_plugin = ml2
service_plugins = router
auth_strategy = keystone
api_paste_config = /usr/share/neutron-common/api-paste.ini
transport_url = fake://
api_workers = 0
rpc_workers = 0
state_path = ${folder}
[database]
connection = ${database}
sqlite_synchronous = false
[oslo_concurrency]
lock_path = ${folder}
[keystone_authtoken]
www_authenticate_uri = ${keystoneUrl}
auth_url = ${keystoneUrl}
interface = public
auth_type = password
username = ${user.name}
password = ${user.password}
project_name = service
user_domain_name = Default
project_domain_name = Default
[ml2]
type_drivers = flat,vlan,vxlan
tenant_network_types = vxlan
mechanism_drivers = openvswitch
extension_drivers = port_security
[ml2_type_vxlan]
vni_ranges = 1:10000
[ml2_type_flat]
flat_networks = ${physicalNetwork}
[ml2_type_vlan]
network_vlan_ranges = ${physicalNetwork}:1:4000
`
