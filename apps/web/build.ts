// `npm run build -w apps/web`: bundles the portal into dist/ and compresses it there. Does nothing when dist/ is of the
// sources as they are.
import { createHash } from 'node:crypto'
import { globSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import { build } from 'vite'

const root = resolve(import.meta.dirname, '../..')
const dist = join(import.meta.dirname, 'dist')
const stampFile = join(dist, '.built-from')

const stamp = stampOfSources()
if (stampOfBuild() !== stamp) {
  console.log('patchbay: building the admin portal')
  // Beside the old one, which an engine may be serving meanwhile.
  const fresh = `${dist}.${process.pid}`
  await build({ configFile: join(import.meta.dirname, 'vite.config.ts'), logLevel: 'warn', build: { outDir: fresh } })
  await Promise.all(textsIn(fresh).map(compress))
  writeFileSync(join(fresh, '.built-from'), stamp)
  rmSync(dist, { recursive: true, force: true })
  renameSync(fresh, dist)
}

function stampOfSources(): string {
  const sources = globSync(
    ['apps/web/src/**', 'apps/web/*.{ts,html,json}', 'packages/ovirt-api/**/*.ts', 'package-lock.json'],
    { cwd: root, withFileTypes: true },
  )
  const hash = createHash('sha256')
  for (const path of sources
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort())
    hash.update(path.slice(root.length)).update('\0').update(readFileSync(path)).update('\0')
  return hash.digest('hex')
}

function stampOfBuild(): string {
  try {
    return readFileSync(stampFile, 'utf8')
  } catch {
    return ''
  }
}

function textsIn(dir: string): string[] {
  return globSync('**/*.{js,css,html,svg}', { cwd: dir }).map((path) => join(dir, path))
}

async function compress(path: string): Promise<void> {
  const text = readFileSync(path)
  const params = { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY }
  writeFileSync(`${path}.br`, await promisify(brotliCompress)(text, { params }))
  writeFileSync(`${path}.gz`, await promisify(gzip)(text, { level: 9 }))
}
