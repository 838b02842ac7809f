// Imported for its effect: this file of tests runs in a network namespace of its own. A browser drops all its connections
// whenever the network of its machine changes, and the laboratories of other tests come and go beside it.
import { spawnSync } from 'node:child_process'

const mark = 'PATCHBAY_QUIET_NETWORK'
const withLoopback = 'ip link set lo up && exec "$@"'

if (process.getuid?.() === 0 && process.env[mark] === undefined) {
  const again = [process.execPath, ...process.execArgv, ...process.argv.slice(1)]
  const { status } = spawnSync('unshare', ['--net', 'sh', '-c', withLoopback, 'sh', ...again], {
    stdio: 'inherit',
    env: { ...process.env, [mark]: '1' },
  })
  process.exit(status ?? 1)
}
