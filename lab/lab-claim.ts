// Takes a free lab number: the lab's directory, moved into place whole, is the lock.
import { existsSync, readFileSync } from 'node:fs'
import { mkdir, readdir, rename, rm, rmdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import {
  etcHostsFile,
  hubNamespace,
  LABS_DIR,
  type LabPlan,
  labDir,
  labFile,
  MAX_LAB_NUMBER,
  planLab,
  rootLink,
} from './lab-plan.ts'

/** What is on disk about a lab (lab.json). */
export interface LabRecord {
  /** Of this lab alone, unlike its number. */
  id: string
  hosts: string[]
  /** It outlives its creator. */
  keep: boolean
  /** ISO 8601. */
  createdAt: string
}

export async function claimLab(record: LabRecord): Promise<LabPlan> {
  const staged = await stage(record)
  for (let number = 1; number <= MAX_LAB_NUMBER; number++) {
    if (isTaken(number) || !(await moveInto(staged, labDir(number)))) continue
    const plan = planLab(number, record)
    await writeFile(join(plan.dir, etcHostsFile(plan.id)), etcHosts(plan))
    return plan
  }
  throw new Error(`all ${MAX_LAB_NUMBER} lab numbers are taken: remove a lab first`)
}

/** Undefined when there is no such lab. */
export function readLabRecord(number: number): LabRecord | undefined {
  try {
    return JSON.parse(readFileSync(labFile(labDir(number)), 'utf8'))
  } catch {
    return undefined
  }
}

/** Numbers of all labs of this machine, ascending. */
export async function labNumbers(): Promise<number[]> {
  const names = await readdir(LABS_DIR).catch(() => [])
  return names
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .sort((a, b) => a - b)
}

/** Frees the number in one step; what stays of the files is removed after that. */
export async function releaseNumber(number: number, id: string): Promise<void> {
  await rename(labDir(number), leftoverDir(id)).catch(ignoreMissing)
  await removeLeftovers(id)
}

/** Also for a claim that never got a number. */
export async function removeLeftovers(id: string): Promise<void> {
  for (const dir of [stagedDir(id), leftoverDir(id)]) await rm(dir, { recursive: true, force: true })
  // Other labs are in it, or somebody else was faster: both are fine.
  await rmdir(LABS_DIR).catch(() => {})
}

const stagedDir = (id: string) => join(LABS_DIR, `.new-${id}`)
const leftoverDir = (id: string) => join(LABS_DIR, `.old-${id}`)

async function stage(record: LabRecord): Promise<string> {
  const dir = stagedDir(record.id)
  // The last lab to go removes LABS_DIR, perhaps between the two steps of this mkdir.
  await mkdir(dir, { recursive: true }).catch(() => mkdir(dir, { recursive: true }))
  await writeFile(labFile(dir), JSON.stringify(record))
  return dir
}

/** Names in use without a directory belong to somebody else. */
function isTaken(number: number): boolean {
  return existsSync(labDir(number)) || existsSync(`/run/netns/${hubNamespace(number)}`) || hasRootLink(number)
}

/** By /proc, as /sys shows the links of the namespace in which it was mounted. */
export function hasRootLink(number: number): boolean {
  return readFileSync('/proc/net/dev', 'utf8').includes(` ${rootLink(number)}:`)
}

/** rename(2) refuses to replace a directory that is not empty, and a lab's never is: of two claims, one wins. */
async function moveInto(staged: string, dir: string): Promise<boolean> {
  try {
    await rename(staged, dir)
    return true
  } catch (error) {
    if (['ENOTEMPTY', 'EEXIST'].includes((error as NodeJS.ErrnoException).code ?? '')) return false
    throw error
  }
}

function etcHosts(plan: LabPlan): string {
  const lines = ['127.0.0.1 localhost', '::1 localhost', ...plan.hosts.map(({ address, name }) => `${address} ${name}`)]
  return `${lines.join('\n')}\n`
}

function ignoreMissing(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error
}
