// oVirt's Python clients, put beside our own dependencies once for what the requirements say.
import { execFileSync, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'

const here = import.meta.dirname
const installMs = 300_000

/** Why tests with oVirt's clients cannot run here; false when they can. On CI they must. */
export function pythonUnavailable(): string | false {
  if (process.env.CI) return false
  return spawnSync('python3', ['-m', 'pip', '--version']).status === 0 ? false : 'pip is missing (Debian: python3-pip)'
}

/** The environment in which `python3` has the SDK. Throws with pip's words when it cannot be had. */
export function withOvirtClients(): NodeJS.ProcessEnv {
  const requirements = join(here, 'requirements.txt')
  const sdk = once(readFileSync(requirements, 'utf8'), (into) =>
    pip('install', '--target', into, '--requirement', requirements),
  )
  return { ...process.env, PYTHONPATH: sdk }
}

/** The package of all collections that has oVirt's. Far more than is needed comes in one file, of which a part is kept. */
const collections = 'ansible==9.13.0'
const ovirtCollection = 'ansible_collections/ovirt/ovirt/'

/** As above, with Ansible and oVirt's collection besides. */
export function withAnsible(): NodeJS.ProcessEnv {
  const requirements = join(here, 'requirements-ansible.txt')
  const ansible = once(readFileSync(requirements, 'utf8') + collections, (into) => {
    pip('install', '--no-deps', '--target', into, '--requirement', requirements)
    const download = join(into, 'download')
    pip('download', '--no-deps', '--only-binary', ':all:', '--dest', download, collections)
    const [wheel] = readdirSync(download)
    const unpack =
      'import sys, zipfile; z = zipfile.ZipFile(sys.argv[1]); ' +
      'z.extractall(sys.argv[2], [n for n in z.namelist() if n.startswith(sys.argv[3])])'
    execFileSync('python3', ['-c', unpack, join(download, wheel!), into, ovirtCollection])
    rmSync(download, { recursive: true })
    mkdirSync(join(into, 'tmp'))
  })
  const sdk = withOvirtClients()
  const local = join(ansible, 'tmp')
  return {
    ...sdk,
    PYTHONPATH: `${sdk.PYTHONPATH}:${ansible}`,
    // The collection is found beside Ansible; nothing of this machine is read or written.
    ...{ ANSIBLE_CONFIG: join(here, 'ansible.cfg'), ANSIBLE_HOME: local, ANSIBLE_LOCAL_TEMP: local },
    ...{ ANSIBLE_REMOTE_TEMP: local, LC_ALL: 'C.UTF-8' },
  }
}

/** Elsewhere first: what is half there must not be taken for whole. */
function once(what: string, install: (into: string) => void): string {
  const digest = createHash('sha256').update(what).digest('hex').slice(0, 12)
  const packages = join(here, '../../../node_modules', `.ovirt-clients-${digest}`)
  if (existsSync(packages)) return packages
  const begun = `${packages}.${process.pid}`
  try {
    install(begun)
    if (!existsSync(packages)) renameSync(begun, packages)
  } finally {
    rmSync(begun, { recursive: true, force: true })
  }
  return packages
}

function pip(command: string, ...args: string[]): void {
  const quietly = [
    '--quiet',
    '--disable-pip-version-check',
    ...(command === 'install' ? ['--root-user-action=ignore'] : []),
  ]
  execFileSync('python3', ['-m', 'pip', command, ...quietly, ...args], {
    timeout: installMs,
    stdio: ['ignore', 'ignore', 'pipe'],
  })
}
