// The arrows between the parts (ARCHITECTURE.md): who may import whom. Reads package.json files and import lines.
import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { test } from 'node:test'

const root = resolve(import.meta.dirname, '..')

/** Part → the parts it may use. Libraries of npm are not arrows. */
const arrows: Record<string, readonly string[]> = {
  'packages/networking-api': [],
  'packages/vif-driver': [],
  'packages/vdsm-rpc': [],
  'packages/ovirt-api': [],
  'packages/service': [],
  'packages/provider-conformance': ['packages/networking-api'],
  'packages/ovsdb': [],
  'apps/provider': ['packages/networking-api', 'packages/ovsdb', 'packages/service'],
  'apps/engine': [
    'packages/networking-api',
    'packages/vif-driver',
    'packages/vdsm-rpc',
    'packages/ovirt-api',
    'packages/service',
  ],
  'apps/web': ['packages/ovirt-api'],
  'apps/agent': ['packages/vif-driver', 'packages/vdsm-rpc', 'packages/service'],
  'apps/cli': ['packages/provider-conformance', 'packages/vif-driver', 'lab'],
  'drivers/noop': ['packages/vif-driver'],
  'drivers/linux-bridge': ['packages/vif-driver', 'packages/networking-api'],
  'drivers/ovn': ['packages/vif-driver', 'packages/ovsdb'],
  lab: ['packages/networking-api'],
  tools: [],
}
/** These look at everything from outside. */
const observers = ['e2e', 'bench', 'examples']

const parts = globSync(['packages/*/package.json', 'apps/*/package.json', 'drivers/*/package.json'], { cwd: root }).map(
  dirname,
)
const nameOf = (part: string) => readJson(join(part, 'package.json')).name as string
const partByName = new Map(parts.map((part) => [nameOf(part), part]))

test('every part has its arrows written down', () => {
  assert.deepEqual(
    parts.filter((part) => !(part in arrows)),
    [],
  )
})

test('every import across parts is an allowed arrow', () => {
  const wrong: string[] = []
  for (const file of globSync('{packages,apps,drivers,lab,tools}/**/*.{ts,tsx}', {
    cwd: root,
    exclude: ['**/node_modules/**'],
  })) {
    const part = partOf(file)
    for (const target of importedParts(file)) {
      // A test may use what it tests against: drivers against a provider, a part against a laboratory.
      if (target !== part && !arrows[part]?.includes(target) && !isTest(file)) wrong.push(`${file} → ${target}`)
    }
  }
  assert.deepEqual(wrong, [])
})

test('every arrow is a dependency in package.json, and every dependency on a part is an arrow', () => {
  for (const part of parts) {
    const { dependencies = {} } = readJson(join(part, 'package.json')) as { dependencies?: Record<string, string> }
    const declared = Object.keys(dependencies).flatMap((name) => partByName.get(name) ?? [])
    assert.deepEqual(declared.sort(), arrows[part]!.filter((target) => partByName.has(nameIfPart(target))).sort(), part)
  }
})

test('no file is in a circle of imports', () => {
  const files = globSync('{packages,apps,drivers,lab,e2e,bench}/**/*.{ts,tsx}', {
    cwd: root,
    exclude: ['**/node_modules/**'],
  })
  const imports = new Map(files.map((file) => [file, importedFiles(file)]))
  assert.deepEqual(circleIn(imports), [])
})

test('the folders of a part stand on floors: none uses one that uses it', () => {
  const files = globSync('{packages,apps,drivers,lab}/**/*.{ts,tsx}', { cwd: root, exclude: ['**/node_modules/**'] })
  const imports = new Map<string, string[]>()
  for (const file of files.filter((each) => !isTest(each))) {
    const folder = folderOf(file)
    const others = importedFiles(file)
      .map(folderOf)
      .filter((other) => other !== folder)
    if (folder !== '') imports.set(folder, [...(imports.get(folder) ?? []), ...others])
  }
  assert.deepEqual(circleIn(imports), [])
})

/** Of files or folders: one circle, in the order in which they import each other; empty when there is none. */
function circleIn(imports: ReadonlyMap<string, readonly string[]>): string[] {
  const done = new Set<string>()
  function follow(file: string, path: readonly string[]): string[] {
    if (path.includes(file)) return [...path.slice(path.indexOf(file)), file]
    if (done.has(file)) return []
    for (const next of imports.get(file) ?? []) {
      const circle = follow(next, [...path, file])
      if (circle.length > 0) return circle
    }
    done.add(file)
    return []
  }
  for (const file of imports.keys()) {
    const circle = follow(file, [])
    if (circle.length > 0) return circle
  }
  return []
}

function nameIfPart(target: string): string {
  return parts.includes(target) ? nameOf(target) : ''
}

function partOf(file: string): string {
  const [first = '', second = ''] = file.split('/')
  return ['packages', 'apps', 'drivers'].includes(first) ? `${first}/${second}` : first
}

/** `apps/engine/store`; '' for what lies in the part itself, as its main and what puts it together. */
function folderOf(file: string): string {
  const depth = partOf(file) === 'apps/web' ? 4 : partOf(file).split('/').length + 1
  const path = file.split('/')
  return path.length > depth ? path.slice(0, depth).join('/') : ''
}

/** Of the same part. */
function importedFiles(file: string): string[] {
  return specifiersIn(file).flatMap((specifier) => (specifier.startsWith('.') ? pathOf(file, specifier) : []))
}

const pathOf = (file: string, specifier: string) => relative(root, resolve(root, dirname(file), specifier))

function specifiersIn(file: string): string[] {
  const imports = readFileSync(join(root, file), 'utf8').matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)
  return [...imports].map(([, specifier = '']) => specifier)
}

function importedParts(file: string): string[] {
  return specifiersIn(file).flatMap((specifier) => {
    if (specifier.startsWith('.')) return partOf(pathOf(file, specifier))
    return (
      partByName.get(
        specifier
          .split('/')
          .slice(0, specifier.startsWith('@') ? 2 : 1)
          .join('/'),
      ) ?? []
    )
  })
}

const isTest = (file: string) =>
  /(\.test\.ts|\/test-[^/]+\.ts|\/testing\/[^/]+\.ts)$/.test(file) || observers.includes(partOf(file))

function readJson(path: string): Record<string, unknown> {
  return JSON.parse(readFileSync(resolve(root, path), 'utf8')) as Record<string, unknown>
}
