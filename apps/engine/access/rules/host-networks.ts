// Who may do what with the interfaces of hosts, and the networks on them.
import { needs, onParam, type Rule, sees } from './rule.ts'

const seesHost = sees('host', 'host')
const configuring = (param = 'host') => needs('configure_host_network', onParam('host', param))

const attachments = (path: string): Readonly<Record<string, Rule>> => ({
  [`GET ${path}`]: seesHost,
  [`GET ${path}/:id`]: seesHost,
  [`POST ${path}`]: configuring(),
  [`PUT ${path}/:id`]: configuring(),
  [`DELETE ${path}/:id`]: configuring(),
})

export const hostNetworkRules: Readonly<Record<string, Rule>> = {
  'GET /hosts/:host/nics': seesHost,
  'GET /hosts/:host/nics/:id': seesHost,
  'GET /hosts/:host/nics/:nic/statistics': seesHost,
  'GET /hosts/:host/nics/:nic/statistics/:id': seesHost,
  'GET /hosts/:host/nics/:nic/networklabels': seesHost,
  'GET /hosts/:host/nics/:nic/networklabels/:id': seesHost,
  'POST /hosts/:host/nics/:nic/networklabels': configuring(),
  'DELETE /hosts/:host/nics/:nic/networklabels/:id': configuring(),
  ...attachments('/hosts/:host/networkattachments'),
  ...attachments('/hosts/:host/nics/:nic/networkattachments'),
  'POST /hosts/:id/setupnetworks': configuring('id'),
  'POST /hosts/:id/commitnetconfig': configuring('id'),
  'POST /hosts/:id/syncallnetworks': configuring('id'),
  'GET /hosts/:host/unmanagednetworks': seesHost,
  'GET /hosts/:host/unmanagednetworks/:id': seesHost,
  'DELETE /hosts/:host/unmanagednetworks/:id': configuring(),
  'GET /hosts/:host/externalnetworkproviderconfigurations': seesHost,
  'GET /hosts/:host/externalnetworkproviderconfigurations/:id': seesHost,
}
