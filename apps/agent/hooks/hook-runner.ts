// Runs the scripts of a hook point one after the other on one data file, as VDSM does (seam S2).

import { tmpdir } from 'node:os'
import { jsonPayload, type PayloadFormat, readDataFile, withDataFile, xmlPayload } from './hook-data.ts'
import { type HookVm, hookEnvironment } from './hook-environment.ts'
import { dataFileError, type HookError, noDataFileError, scriptError } from './hook-error.ts'
import { type HookPoint, hookPoints, type JsonHookPoint, type XmlHookPoint } from './hook-points.ts'
import { runScript, type ScriptResult } from './hook-process.ts'
import { hookScripts } from './hook-scripts.ts'
import { defaultRunDir } from './launch-flags.ts'
import { pythonBytesRepr } from './python-repr.ts'

/** The part of a pino logger that is used here. */
export interface HookLogger {
  info(details: object, message: string): void
  warn(details: object, message: string): void
  error(details: object, message: string): void
}

export interface HookRunnerOptions {
  /** Folder with one sub-folder of scripts per hook point. */
  hooksRoot: string
  /** Absolute path of the folder of `hooking.py`. */
  hookingPath: string
  /** Where data files are made; $TMPDIR or /tmp by default. */
  tmpDir?: string
  /** Where launch flags are; `hooking` is told if it is not /run/vdsm. */
  runDir?: string
  /** How long one script may take; 120 s by default. */
  timeoutMs?: number
  /** What scripts inherit; the agent's own environment by default. */
  env?: NodeJS.ProcessEnv
  logger: HookLogger
}

export interface HookContext {
  /** Custom properties of the device, or what else the hook point adds to the environment. */
  params?: Record<string, string>
  vm?: HookVm
  /** Logger of the request that the hooks belong to; the runner's own by default. */
  logger?: HookLogger
}

export interface HookRunner {
  /**
   * Resolves to the XML to go on with: what the scripts left where the hook point's output is used, else `xml`.
   * Rejects with HookError if the point is raising and a script failed or the data file cannot be read back.
   */
  runXml(point: XmlHookPoint, xml: string | undefined, context?: HookContext): Promise<string | undefined>
  /** The same for JSON; text that is no JSON counts as a data file that cannot be read back. */
  runJson(point: JsonHookPoint, data: unknown, context?: HookContext): Promise<unknown>
}

export function createHookRunner(options: HookRunnerOptions): HookRunner {
  const { hooksRoot, hookingPath, tmpDir = tmpdir(), runDir = defaultRunDir } = options
  const { timeoutMs = 120_000, env: base = process.env } = options

  async function run<T>(format: PayloadFormat<T>, point: HookPoint, payload: T, context: HookContext): Promise<T> {
    const scripts = await hookScripts(hooksRoot, point)
    if (scripts.length === 0) return payload
    const { raising, outputUsed } = hookPoints[point]
    const { params, vm, logger = options.logger } = context
    const runScripts = async (path: string) => {
      const dataFile = { variable: format.variable, path }
      const env = hookEnvironment({ base, params, vm, hookingPath, runDir, dataFile })
      const results = await runInOrder(point, scripts, env, timeoutMs, logger)
      const left = await readBack(format, path, payload)
      const output = outputUsed ? left.payload : payload
      for (const error of failures(point, results, left.unusable, output)) {
        if (raising) throw error
        logger.error({ point, script: error.script, rc: error.rc }, `${point}: ${error.message}`)
      }
      return output
    }
    const withoutScripts = (reason: string) => {
      const error = noDataFileError(point, reason, payload)
      if (raising) throw error
      logger.error({ point }, `${point}: ${error.message}`)
      return payload
    }
    return withDataFile(tmpDir, format.encode(payload), runScripts, withoutScripts)
  }

  return {
    runXml: (point, xml, context = {}) => run(xmlPayload, point, xml, context),
    runJson: (point, data, context = {}) => run(jsonPayload, point, data, context),
  }
}

/** Exit code 2 keeps the remaining scripts from running; any other failure does not. */
async function runInOrder(
  point: HookPoint,
  scripts: string[],
  env: NodeJS.ProcessEnv,
  timeoutMs: number,
  logger: HookLogger,
): Promise<ScriptResult[]> {
  const results: ScriptResult[] = []
  for (const script of scripts) {
    const result = await runScript(script, env, timeoutMs)
    log(point, result, logger)
    results.push(result)
    if (result.rc === 2) break
  }
  return results
}

function log(point: HookPoint, { script, rc, stderr, problem }: ScriptResult, logger: HookLogger): void {
  logger.info({ point, script, rc }, `${script}: rc=${rc} err=${pythonBytesRepr(stderr)}`)
  if (problem) logger.warn({ point, script, rc }, `${script} ${problem}`)
  else if (rc > 2) logger.warn({ point, script, rc }, `hook returned unexpected return code ${rc}`)
}

interface ReadBack<T> {
  /** What the scripts left; the payload from before if that is unusable. */
  payload: T
  unusable?: string
}

async function readBack<T>(format: PayloadFormat<T>, path: string, before: T): Promise<ReadBack<T>> {
  try {
    return { payload: format.decode(await readDataFile(path)) }
  } catch (error) {
    return { payload: before, unusable: (error as Error).message }
  }
}

function failures(point: HookPoint, results: ScriptResult[], unusable: string | undefined, output: unknown) {
  const errors: HookError[] = []
  // VDSM names the last script that failed only at before_vm_start; elsewhere the last one that ran, failed or not.
  const failed = results.findLast(({ rc }) => rc !== 0)
  if (failed) errors.push(scriptError(point, failed, output))
  const scripts = results.map(({ script }) => script)
  if (unusable) errors.push(dataFileError(point, scripts, unusable, output))
  return errors
}
