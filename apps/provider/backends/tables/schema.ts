// The tables of the embedded backend. A row's body is the resource as JSON; indexed attributes have generated columns.
import type { DatabaseSync } from 'node:sqlite'

/** The attributes that look-ups find rows by, the most selective first. */
export const indexes = {
  network: ['name', 'project_id'],
  subnet: ['network_id', 'name', 'project_id'],
  port: ['device_id', 'mac_address', 'network_id', 'name', 'binding:host_id', 'project_id'],
  security_group: ['name', 'project_id'],
  security_group_rule: ['security_group_id', 'project_id'],
  router: ['name', 'project_id'],
  floating_ip: ['floating_ip_address', 'port_id', 'router_id', 'project_id'],
} as const

/** One step from each version to the next; a released step never changes. */
const migrations: readonly string[] = [
  `
  ${resourceTable('network', ['name'])}
  ${resourceTable('subnet', ['network_id', 'name'])}
  ${resourceTable('port', ['device_id', 'mac_address', 'network_id', 'name', 'binding:host_id'])}
  CREATE UNIQUE INDEX port_mac ON port ("network_id", "mac_address");
  CREATE TABLE taken_number (pool TEXT, number TEXT, PRIMARY KEY (pool, number)) STRICT, WITHOUT ROWID;
  CREATE TABLE free_range (pool TEXT, first TEXT, last TEXT NOT NULL, PRIMARY KEY (pool, first)) STRICT, WITHOUT ROWID;
  `,
  `
  ${indexedAttribute('network', 'project_id')}
  ${indexedAttribute('subnet', 'project_id')}
  ${indexedAttribute('port', 'project_id')}
  UPDATE network SET body = json_set(body, '$.tags', json('[]'));
  UPDATE subnet SET body = json_set(body, '$.tags', json('[]'));
  UPDATE port SET body = json_set(
    body, '$.tags', json('[]'), '$.allowed_address_pairs', json('[]'), '$.extra_dhcp_opts', json('[]')
  );
  CREATE TABLE setting (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
  ${resourceTable('security_group', ['name', 'project_id'])}
  ${resourceTable('security_group_rule', ['security_group_id', 'project_id'])}
  `,
  "UPDATE port SET body = json_set(body, '$.inactive_bindings', json('[]'))",
  `
  ${resourceTable('router', ['name', 'project_id'])}
  ${resourceTable('floating_ip', ['floating_ip_address', 'port_id', 'router_id', 'project_id'])}
  `,
]

/** Brings a database of any earlier version to the newest one. Throws when it is newer than this program. */
export function migrate(database: DatabaseSync): void {
  const { user_version: version } = database.prepare('PRAGMA user_version').get() as { user_version: number }
  if (version > migrations.length)
    throw new Error(`the database has version ${version}, this program knows ${migrations.length}: run a newer one`)
  for (const [index, statements] of migrations.entries()) {
    if (index < version) continue
    database.exec(`BEGIN; ${statements}; PRAGMA user_version = ${index + 1}; COMMIT`)
  }
}

function resourceTable(name: string, attributes: readonly string[]): string {
  const columns = attributes.map((attribute) => `"${attribute}" TEXT NOT NULL`).join(', ')
  return `
    CREATE TABLE ${name} (sequence INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, body TEXT NOT NULL, ${columns}) STRICT;
    ${attributes.map((attribute) => indexOn(name, attribute)).join('\n')}
  `
}

/** One more attribute to find rows by. */
function indexedAttribute(name: string, attribute: string): string {
  return `
    ALTER TABLE ${name} ADD COLUMN "${attribute}" TEXT NOT NULL DEFAULT '';
    UPDATE ${name} SET "${attribute}" = json_extract(body, '$.${attribute}');
    ${indexOn(name, attribute)}
  `
}

function indexOn(name: string, attribute: string): string {
  return `CREATE INDEX "${name}_${attribute}" ON ${name} ("${attribute}");`
}
