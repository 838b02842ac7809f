// Every group, in the order in which they run and are reported.
import type { CaseGroup } from '../conformance-case.ts'
import { engine } from './engine/engine.ts'
import { errors } from './errors/errors.ts'
import { feature } from './feature.ts'
import { identity } from './identity.ts'
import { networks } from './networks.ts'
import { portBindings } from './port-bindings.ts'
import { ports } from './ports.ts'
import { floatingIps } from './routers/floating-ips.ts'
import { routers } from './routers/routers.ts'
import { securityGroups } from './security-groups.ts'
import { subnets } from './subnets.ts'

export const allGroups: readonly CaseGroup[] = [
  engine,
  feature,
  networks,
  subnets,
  ports,
  errors,
  identity,
  routers,
  securityGroups,
  floatingIps,
  portBindings,
]
