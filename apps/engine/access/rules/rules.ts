// What every route of the API demands. A route that is not here is the SuperUser's alone; a test finds it.
import { accountRules } from './accounts.ts'
import { hostNetworkRules } from './host-networks.ts'
import { infrastructureRules } from './infrastructure.ts'
import { networkRules } from './networks.ts'
import type { Rule } from './rule.ts'
import { vmRules } from './vms.ts'

/** By method and path below the API's root, as the route has it: `GET /vms/:id`. */
const rules: ReadonlyMap<string, Rule> = new Map(
  Object.entries({ ...infrastructureRules, ...hostNetworkRules, ...networkRules, ...vmRules, ...accountRules }),
)

export const ruledRoutes = [...rules.keys()]

export const ruleOf = (method: string, path: string): Rule | undefined =>
  rules.get(`${method === 'HEAD' ? 'GET' : method} ${path}`)
