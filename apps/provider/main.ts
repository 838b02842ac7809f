#!/usr/bin/env node
// The provider: Networking API and Identity API of an external network provider.
import { run } from '@patchbay/service/run.ts'
import { providerOptions, toConfig } from './config.ts'
import { startProvider } from './provider.ts'

await run({
  name: 'provider',
  about: 'An external network provider: networks, subnets and ports over a Neutron-like REST API.',
  options: providerOptions,
  toConfig,
  start: startProvider,
})
