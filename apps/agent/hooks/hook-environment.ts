// The environment of a hook script, as VDSM composes it: names and values verbatim, the later source wins.

import { defaultRunDir } from './launch-flags.ts'

export interface HookVm {
  vmId: string
  /** VM custom properties; one that is named like a device property hides it. */
  custom: Record<string, string>
}

export interface HookEnvironmentParts {
  /** The agent's own environment. */
  base: NodeJS.ProcessEnv
  /** Custom properties of the device (vnic_id, provider_type …), or what else the hook point adds. */
  params?: Record<string, string> | undefined
  vm?: HookVm | undefined
  /** Folder of `hooking.py`. */
  hookingPath: string
  runDir: string
  dataFile: { variable: '_hook_domxml' | '_hook_json'; path: string }
}

export function hookEnvironment(parts: HookEnvironmentParts): NodeJS.ProcessEnv {
  const { base, params, vm, hookingPath, runDir, dataFile } = parts
  const env: NodeJS.ProcessEnv = { ...base, ...params, ...vm?.custom }
  if (vm) env.vmId = vm.vmId
  // An unset PYTHONPATH gives ':/hooking', whose empty first entry is the working folder: so it is under VDSM.
  env.PYTHONPATH = `${env.PYTHONPATH ?? ''}:${hookingPath}`
  if (runDir !== defaultRunDir) env.PATCHBAY_RUN_DIR = runDir
  delete env._hook_domxml
  delete env._hook_json
  env[dataFile.variable] = dataFile.path
  return env
}
