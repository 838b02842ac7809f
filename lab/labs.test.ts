import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createLab } from './lab.ts'
import { labUnavailable } from './lab-unavailable.ts'
import { listLabs } from './labs.ts'
import { until } from './until.ts'

const skip = labUnavailable()
const statusOf = async (number: number) => (await listLabs()).find((status) => status.number === number)

test('a lab is listed with its hosts and processes while it is up', { skip }, async () => {
  await using lab = await createLab({ hosts: ['host-a', 'host-b'] })
  const here = lab.spawn(['sleep', '60'], { log: 'here.log' })
  const inside = lab.host('host-a').spawn(['sleep', '60'], { log: 'inside.log' })
  const status = await statusOf(lab.number)
  assert(status)
  assert.equal(status.address, lab.address)
  assert.equal(status.keep, false)
  assert.deepEqual(
    status.hosts,
    lab.hosts.map(({ name, namespace, address, dir, pid }) => ({ name, namespace, address, dir, pid })),
  )
  for (const pid of [here.pid, inside.pid, lab.host('host-b').pid]) assert(status.processes.includes(pid))
})

test('a host without its holder is listed as down', { skip }, async () => {
  await using lab = await createLab({ hosts: ['host-a'] })
  process.kill(lab.host('host-a').pid, 'SIGKILL')
  assert(await until(async () => (await statusOf(lab.number))?.hosts[0]?.pid === undefined, 20_000))
})
