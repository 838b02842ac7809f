import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { labUnavailable } from './lab-unavailable.ts'
import { runCommand } from './processes/command.ts'

const skip = process.getuid?.() === 0 ? undefined : 'run as root'

test('commands that are missing are named with their packages', { skip }, (t) => {
  const path = process.env.PATH
  t.after(() => {
    process.env.PATH = path
  })
  process.env.PATH = '/nowhere'
  assert.match(labUnavailable() ?? '', /^ip is missing \(package iproute2\), nsenter is missing \(package util-linux\)/)
})

test('without root or without the capabilities, one line says so', { skip }, async () => {
  const source = `
    const { labUnavailable } = await import(${JSON.stringify(join(import.meta.dirname, 'lab-unavailable.ts'))})
    if (process.env.AS_USER) process.setuid(65534)
    console.log(labUnavailable())`
  const node = [process.execPath, '--input-type=module', '-e', source]
  assert.match(
    (await runCommand(node, { env: { AS_USER: '1' } })).stdout,
    /^namespaces and links need root: run as root\n$/,
  )
  const { stdout } = await runCommand(['setpriv', '--bounding-set', '-sys_admin', ...node])
  assert.match(stdout, /^root without CAP_SYS_ADMIN: use a privileged container\n$/)
})
