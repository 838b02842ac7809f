// docs/vif-driver.md shows what the driver in shell is and says.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { bedUnavailable } from '@patchbay/vif-driver/testing/bed-unavailable.ts'
import { createLab } from '../../lab/lab.ts'
import type { CommandFailed } from '../../lab/processes/command.ts'

const page = readFileSync(new URL('../../docs/vif-driver.md', import.meta.url), 'utf8')
const shown = (title: string): unknown => {
  const [, text] = new RegExp(`\`\`\`json ${title}\n(.*?)\`\`\``, 's').exec(page) ?? []
  assert(text, `the page shows no ${title}`)
  return JSON.parse(text)
}
const executable = join(import.meta.dirname, 'driver.sh')

test('the manifest is the one that is shown', () => {
  assert.deepEqual(JSON.parse(readFileSync(join(import.meta.dirname, 'driver.json'), 'utf8')), shown('driver.json'))
})

test('the answers are those that are shown', { skip: bedUnavailable(['jq']) }, async () => {
  const lab = await createLab({ hosts: ['host-a'] })
  try {
    const host = lab.host('host-a')
    const ask = async (verb: string) => {
      const { stdout } = await host.exec([executable, verb], { input: JSON.stringify(shown(`request ${verb}`)) })
      return JSON.parse(stdout) as unknown
    }
    await assert.rejects(ask('plug_device'), (failed: CommandFailed) => {
      assert.equal(failed.exitCode, 1)
      assert.deepEqual(JSON.parse(failed.stdout), shown('failure plug_device'))
      return true
    })
    await host.exec(['ip', 'link', 'add', 'br0', 'type', 'bridge'])
    assert.deepEqual(await ask('version'), shown('reply version'))
    assert.deepEqual(await ask('plug_device'), shown('reply plug_device'))
  } finally {
    await lab.down()
  }
})
