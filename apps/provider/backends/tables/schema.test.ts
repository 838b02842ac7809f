// A database of an earlier version becomes one of this version, with all that is in it.
import assert from 'node:assert/strict'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import { indexes, migrate } from './schema.ts'
import { createTable } from './table.ts'

/** The tables as version 1 made them. */
const version1 = `
  CREATE TABLE network (sequence INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, body TEXT NOT NULL, "name" TEXT NOT NULL) STRICT;
  CREATE TABLE subnet (sequence INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, body TEXT NOT NULL, "network_id" TEXT NOT NULL,
    "name" TEXT NOT NULL) STRICT;
  CREATE TABLE port (sequence INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, body TEXT NOT NULL, "device_id" TEXT NOT NULL,
    "mac_address" TEXT NOT NULL, "network_id" TEXT NOT NULL, "name" TEXT NOT NULL, "binding:host_id" TEXT NOT NULL) STRICT;
  CREATE UNIQUE INDEX port_mac ON port ("network_id", "mac_address");
  CREATE TABLE taken_number (pool TEXT, number TEXT, PRIMARY KEY (pool, number)) STRICT, WITHOUT ROWID;
  CREATE TABLE free_range (pool TEXT, first TEXT, last TEXT NOT NULL, PRIMARY KEY (pool, first)) STRICT, WITHOUT ROWID;
  INSERT INTO network VALUES (1, 'n', '{"id":"n","name":"blue","project_id":"p"}', 'blue');
  INSERT INTO subnet VALUES (1, 's', '{"id":"s","network_id":"n","project_id":"p"}', 'n', '');
  INSERT INTO port VALUES (1, 'a', '{"id":"a","network_id":"n","project_id":"p"}', '', 'm', 'n', '', '');
  PRAGMA user_version = 1;
`

test('what version 1 kept is found by what this version indexes, and has the attributes that came since', () => {
  const database = new DatabaseSync(':memory:')
  database.exec(version1)
  migrate(database)
  for (const [name, id] of [
    ['network', 'n'],
    ['subnet', 's'],
    ['port', 'a'],
  ] as const) {
    const [row] = createTable<any>(database, name, indexes[name]).find('project_id', 'p')
    assert.deepEqual([row.id, row.tags], [id, []])
  }
})

test('a database of a later version is left alone', () => {
  const database = new DatabaseSync(':memory:')
  database.exec('PRAGMA user_version = 999')
  assert.throws(() => migrate(database), /run a newer one/)
})
