// oVirt's Python clients, put beside our own dependencies once for what requirements.txt says.
import { execFileSync, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'

const requirements = join(import.meta.dirname, 'requirements.txt')
const digest = createHash('sha256').update(readFileSync(requirements)).digest('hex').slice(0, 12)
const packages = join(import.meta.dirname, '../../../node_modules', `.ovirt-clients-${digest}`)
const installMs = 300_000

/** Why tests with oVirt's clients cannot run here; false when they can. On CI they must. */
export function pythonUnavailable(): string | false {
  if (process.env.CI) return false
  return spawnSync('python3', ['-m', 'pip', '--version']).status === 0 ? false : 'pip is missing (Debian: python3-pip)'
}

/** The environment in which `python3` has the clients. Throws with pip's words when they cannot be had. */
export function withOvirtClients(): NodeJS.ProcessEnv {
  if (!existsSync(packages)) install()
  return { ...process.env, PYTHONPATH: packages }
}

/** Elsewhere first: what is half there must not be taken for whole. */
function install(): void {
  const begun = `${packages}.${process.pid}`
  const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--root-user-action=ignore']
  try {
    execFileSync('python3', [...pip, '--target', begun, '--requirement', requirements], {
      timeout: installMs,
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    if (!existsSync(packages)) renameSync(begun, packages)
  } finally {
    rmSync(begun, { recursive: true, force: true })
  }
}
