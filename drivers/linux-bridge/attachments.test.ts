import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { openAttachments } from './attachments.ts'

const attachment = (portId: string, networkId: string) => ({
  portId,
  networkId,
  mac: '02:00:00:00:00:01',
  fixedIps: [{ subnet_id: 'sub', ip_address: '10.0.0.5' }],
  portSecurity: true,
})

function stateDir(t: TestContext): string {
  const dir = mkdtempSync(join(tmpdir(), 'patchbay-attachments-'))
  t.after(() => rmSync(dir, { recursive: true }))
  return dir
}

test('attachments are found by port and by network, also after a restart', (t) => {
  const dir = stateDir(t)
  const first = openAttachments(dir)
  for (const [port, network] of ['a blue', 'b blue', 'c red'].map((pair) => pair.split(' ')))
    first.put(attachment(port!, network!))
  first.remove('b')
  for (const attachments of [first, openAttachments(dir)]) {
    assert.deepEqual(attachments.get('a'), attachment('a', 'blue'))
    assert.equal(attachments.get('b'), undefined)
    assert.deepEqual(attachments.of('blue'), [attachment('a', 'blue')])
    assert.equal(attachments.all().length, 2)
  }
})

test('removing what is not there succeeds', (t) => {
  const attachments = openAttachments(stateDir(t))
  attachments.remove('nobody')
  attachments.removeNetworkDir('nowhere')
})

test('a file that was being written when its writer was killed counts for nothing and goes', (t) => {
  const dir = stateDir(t)
  openAttachments(dir).put(attachment('a', 'blue'))
  writeFileSync(join(dir, 'ports', 'b.json.new'), '{"portId":')
  assert.equal(openAttachments(dir).all().length, 1)
  assert.deepEqual(readdirSync(join(dir, 'ports')), ['a.json'])
})
