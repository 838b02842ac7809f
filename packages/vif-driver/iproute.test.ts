// Reading and changing links, on a host of a laboratory.
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import type { LabHost } from '../../lab/hosts/lab-host.ts'
import { createLab, type Lab } from '../../lab/lab.ts'
import { labUnavailable } from '../../lab/lab-unavailable.ts'

const skip = labUnavailable()
let lab: Lab
let host: LabHost

before(async () => {
  if (skip) return
  lab = await createLab({ hosts: ['host-a'] })
  host = lab.host('host-a')
})
after(() => lab?.down())

/** What an expression gives on the host, with the functions of iproute.ts and wiring.ts. */
async function onHost(expression: string): Promise<unknown> {
  const program = `
    import * as iproute from ${JSON.stringify(join(import.meta.dirname, 'iproute.ts'))}
    import { untilForwarding } from ${JSON.stringify(join(import.meta.dirname, 'wiring.ts'))}
    const { ipBatch, ipBatchForce, removeFromHost, linkExists, bridgePorts, forwards, isIsolated } = iproute
    const answer = async () => ${expression}
    console.log(JSON.stringify(await answer().catch(({ kind, message }) => ({ kind, message })) ?? null))`
  const { stdout } = await host.exec([process.execPath, '--input-type=module', '--eval', program])
  return JSON.parse(stdout)
}

test('a batch stops at the line that fails, a forced one goes on', { skip }, async () => {
  const lines = `['link add one type bridge', 'link add one type bridge', 'link add two type bridge']`
  assert.match(((await onHost(`ipBatch(${lines})`)) as Error).message, /File exists.*-:2, "link add one type bridge"/)
  assert.deepEqual(await onHost(`['one', 'two'].map(linkExists)`), [true, false])
  assert.equal(await onHost(`ipBatchForce(${lines})`), null)
  assert.deepEqual(await onHost(`['one', 'two'].map(linkExists)`), [true, true])
})

test('links and namespaces are removed, whether they are there or not', { skip }, async () => {
  await host.exec(['ip', '-batch', '-'], { input: 'link add three type bridge\nnetns add blue\n' })
  const removal = `removeFromHost({ links: ['three', 'four'], namespaces: ['blue', 'red'] })`
  assert.equal(await onHost(removal), null)
  assert.equal(await onHost(removal), null)
  assert.equal(await onHost(`linkExists('three')`), false)
  assert.equal((await host.exec(['ip', 'netns'])).stdout, '')
})

test('a link that cannot be removed is an error', { skip }, async () => {
  assert.match(((await onHost(`removeFromHost({ links: ['lo'] })`)) as Error).message, /Operation not supported/)
})

test('a port of a bridge forwards once both ends are up', { skip }, async () => {
  const lines = ['link add br0 type bridge forward_delay 0', 'link add tap0 type veth peer name eth0']
  await host.exec(['ip', '-batch', '-'], { input: [...lines, 'link set tap0 master br0 up', ''].join('\n') })
  assert.deepEqual(await onHost(`[bridgePorts('br0'), bridgePorts('br1'), forwards('tap0')]`), [['tap0'], [], false])
  await host.exec(['ip', '-batch', '-'], { input: 'link set br0 up\nlink set eth0 up\n' })
  assert.equal(await onHost(`untilForwarding('tap0', AbortSignal.timeout(5000)).then(() => forwards('tap0'))`), true)
  assert.equal(await onHost(`isIsolated('tap0')`), false)
})

test('waiting for a link ends when there is none, or when the time for the call is over', { skip }, async () => {
  const kindOf = async (link: string, signal: string) =>
    ((await onHost(`untilForwarding('${link}', ${signal})`)) as { kind: string }).kind
  assert.equal(await kindOf('tap9', 'AbortSignal.timeout(5000)'), 'not-wired')
  assert.equal(await kindOf('underlay0', 'AbortSignal.timeout(50)'), 'timeout')
})
