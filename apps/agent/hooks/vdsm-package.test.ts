// The package vdsm, as scripts see it on a host without VDSM: what oVirt's own hooks import of it.
import assert from 'node:assert/strict'
import { mkdir, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { suite, type TestContext, test } from 'node:test'
import { vdsmError } from '@patchbay/vdsm-rpc/errors.ts'
import { createVdsmServer } from '@patchbay/vdsm-rpc/server.ts'
import pino from 'pino'
import { createHookTestBed, withoutPython } from './hook-test-bed.ts'

/** What a script leaves in its data file; it imports by itself, as some do before `hooking` or without it. */
async function resultOf(t: TestContext, env: NodeJS.ProcessEnv, ...lines: string[]): Promise<unknown> {
  const { runner, install } = await createHookTestBed(t, { env: { ...process.env, ...env } })
  const script = [
    '#!/usr/bin/env python3',
    ...lines.slice(0, -1),
    'import hooking',
    `hooking.write_json(${lines.at(-1)})`,
  ]
  await install('before_network_setup', 'hook', `${script.join('\n')}\n`)
  return runner.runJson('before_network_setup', null)
}

suite('the package vdsm', { skip: withoutPython, concurrency: true }, () => {
  test('has constants, commands and units', async (t) => {
    const { dir } = await createHookTestBed(t)
    const result = await resultOf(
      t,
      { PATCHBAY_RUN_DIR: join(dir, 'run') },
      'from vdsm import constants',
      'from vdsm.common import constants as newer',
      'from vdsm.common.cmdutils import CommandPath',
      'from vdsm.common.units import MiB, GiB',
      'from vdsm.network.api import DUMMY_BRIDGE',
      'from vdsm.network.netinfo import DUMMY_BRIDGE as older',
      '[constants.P_VDSM_RUN, newer.SYSCONF_PATH, CommandPath("x", "/no", "/bin/sh").cmd, GiB // MiB, DUMMY_BRIDGE, older]',
    )
    assert.deepEqual(result, [`${dir}/run/`, '/etc', '/bin/sh', 1024, ';vdsmdummy;', ';vdsmdummy;'])
  })

  test('names a command that is not there', async (t) => {
    const result = await resultOf(
      t,
      {},
      'from vdsm.common.cmdutils import CommandPath',
      'try:',
      '  CommandPath("no-such-command", "/no/such").cmd',
      'except OSError as error:',
      '  missing = str(error)',
      'missing',
    )
    assert.equal(result, "[Errno 2] No such file or directory: 'no-such-command'")
  })

  test('tells the networks of now and of after a reboot, and what one stands on', async (t) => {
    const { dir } = await createHookTestBed(t)
    const files = { PATCHBAY_RUNNING_NETWORKS: join(dir, 'now.json'), PATCHBAY_SAFE_NETWORKS: join(dir, 'safe.json') }
    const networks = {
      red: { nic: 'eth0', vlan: 10, bridged: false, custom: { fcoe: 'enable=yes' } },
      blue: { bonding: 'bond1', bridged: false },
    }
    const running = { networks, bondings: { bond1: { nics: ['eth1', 'eth2'] } } }
    await writeFile(files.PATCHBAY_RUNNING_NETWORKS, JSON.stringify({ running }))
    const script = [
      'import vdsm.network.netconfpersistence as persist_net',
      'from vdsm.network import netinfo, netswitch',
      'known = netinfo.cache.NetInfo(netswitch.configurator.netinfo())',
      'stands_on = [known.getNicsVlanAndBondingForNetwork(name) for name in ("red", "blue")]',
      '[persist_net.RunningConfig().networks["red"]["custom"], persist_net.PersistentConfig().networks, stands_on]',
    ]
    assert.deepEqual(await resultOf(t, files, ...script), [
      { fcoe: 'enable=yes' },
      {},
      [
        [['eth0'], 'eth0.10', 10, null],
        [['eth1', 'eth2'], null, null, 'bond1'],
      ],
    ])
  })

  test('tells of the processor, files and the host what the kernel does', async (t) => {
    const result = await resultOf(
      t,
      {},
      'import os',
      'from vdsm import cpuinfo, osinfo',
      'from vdsm.common import cpuarch, fileutils',
      'from vdsm.hook import hooking as newer',
      'from vdsm.network.ipwrapper import _IP_BINARY',
      'fileutils.rm_file("/no/such/file")',
      '[cpuarch.is_x86(cpuarch.X86_64), type(cpuinfo.flags()).__name__, osinfo.nested_virtualization().enabled in (True, False), newer.tobool("1"), os.path.basename(_IP_BINARY.cmd)]',
    )
    assert.deepEqual(result, [true, 'list', true, true, 'ip'])
  })

  test('leaves to an installed vdsm what that has', async (t) => {
    const { dir } = await createHookTestBed(t)
    await mkdir(join(dir, 'installed/vdsm'), { recursive: true })
    await writeFile(join(dir, 'installed/vdsm/__init__.py'), '')
    await writeFile(join(dir, 'installed/vdsm/constants.py'), 'P_VDSM_RUN = "theirs"\n')
    // Behind ours on the path, as the folder of the system's packages is.
    const site = `import sys; sys.path.append(${JSON.stringify(join(dir, 'installed'))})`
    const result = await resultOf(
      t,
      {},
      site,
      'from vdsm import constants',
      'from vdsm.common.units import KiB',
      '[constants.P_VDSM_RUN, KiB]',
    )
    assert.deepEqual(result, ['theirs', 1024])
  })

  test('calls the agent, and raises what it refuses', async (t) => {
    const port = await servesVdsm(t)
    const result = await resultOf(
      t,
      { PATCHBAY_API_HOST: '127.0.0.1', PATCHBAY_API_PORT: String(port) },
      'from vdsm import client, utils',
      'from vdsm.config import config',
      'use_tls = config.getboolean("vars", "ssl")',
      'seen = []',
      'with utils.closing(client.connect("localhost", use_tls=use_tls)) as cli:',
      '  with cli.flow("flow: 1"):',
      '    seen.append(cli.VM.echo(vmID="vm 1", big="ü" * 100000) == ["vm 1", "ü" * 100000, "flow: 1"])',
      '  try:',
      '    cli.VM.cont(vmID="vm1")',
      '  except client.ServerError as error:',
      '    seen.append([error.code, str(error)])',
      '  try:',
      '    cli.VM.hang(_timeout=0.2)',
      '  except client.TimeoutError as error:',
      '    seen.append(str(error))',
      '  seen.append(cli.Host.ping2())',
      'seen',
    )
    const refused = "Command VM.cont with args {'vmID': 'vm1'} failed:\n(code=1, message=Virtual machine does not exist"
    const [echoed, [code, message], hung, ping] = result as [boolean, [number, string], string, boolean]
    assert.deepEqual(
      [echoed, code, hung, ping],
      [true, 1, 'Request VM.hang with args {} timed out after 0.2 seconds', true],
    )
    assert.ok(message.startsWith(refused), message)
  })

  test('says why the agent cannot be called', async (t) => {
    const nobody = createServer().listen(0, '127.0.0.1')
    await new Promise((listening) => nobody.once('listening', listening))
    const { port } = nobody.address() as { port: number }
    await new Promise((closed) => nobody.close(closed))
    const connect = (tls: string) => [
      'from vdsm import client',
      'try:',
      `  client.connect("localhost", use_tls=${tls})`,
      'except client.ConnectionError as error:',
      '  told = str(error)',
      'told',
    ]
    const env = { PATCHBAY_API_HOST: '127.0.0.1', PATCHBAY_API_PORT: String(port) }
    assert.match((await resultOf(t, env, ...connect('False'))) as string, /timeout=60 failed: .*Connection refused/)
    assert.match((await resultOf(t, env, ...connect('True'))) as string, /the agent of this host has no certificates/)
  })
})

async function servesVdsm(t: TestContext): Promise<number> {
  const hanging = Promise.withResolvers<void>()
  t.after(() => hanging.resolve())
  const methods = {
    'VM.echo': async ({ vmID, big }: any, { correlationId }: any) => [vmID, big, correlationId],
    'VM.cont': async ({ vmID }: any) => {
      throw vdsmError('NoSuchVM', { vmId: vmID })
    },
    'VM.hang': () => hanging.promise,
    'Host.ping2': async () => true,
  }
  const server = createVdsmServer({ methods, positions: {}, logger: pino({ level: 'silent' }) })
  t.after(() => server.close())
  return server.listen({ host: '127.0.0.1', port: 0 })
}
