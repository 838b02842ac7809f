#!/usr/bin/env node
// The engine: administers network providers, networks and VMs, and drives the lifecycle of their vNICs.
import { run } from '@patchbay/service/run.ts'
import { engineOptions, toConfig } from './config.ts'
import { startEngine } from './engine.ts'

await run({
  name: 'engine',
  about:
    'The engine: network providers, networks, VMs and the lifecycle of their vNICs, over an oVirt-compatible REST API.',
  options: engineOptions,
  toConfig,
  start: startEngine,
})
