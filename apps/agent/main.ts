#!/usr/bin/env node
// The agent of a host: runs VMs, fires VDSM hooks and calls VIF drivers, at an engine's command.
import { run } from '@patchbay/service/run.ts'
import { startAgent } from './agent.ts'
import { agentOptions, toConfig } from './config.ts'

await run({
  name: 'agent',
  about: "A host's agent: runs VMs at an engine's command over VDSM's API, fires VDSM hooks, calls VIF drivers.",
  options: agentOptions,
  toConfig,
  start: startAgent,
})
