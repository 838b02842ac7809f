// Every error of the Networking API is produced in a test: of the contract, which both backends pass, or where one backend
// alone, or none, has what it is about.
import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { type NetworkingErrorType, networkingErrors } from '@patchbay/networking-api/errors.ts'

const elsewhere: Readonly<Record<string, readonly NetworkingErrorType[]>> = {
  'routes/errors.test.ts': ['HTTPInternalServerError', 'HTTPRequestTimeout'],
  'identity/keystone/keystone-users.test.ts': ['ServiceUnavailable'],
  'backends/embedded/embedded-backend.test.ts': ['ServiceUnavailable', 'NoNetworkAvailable'],
  'backends/ovn/faults.test.ts': ['ServiceUnavailable'],
  // Physical networks are OVN's.
  'backends/ovn/two-providers.test.ts': ['FlatNetworkInUse', 'VlanIdInUse'],
  // And so are security groups.
  'backends/ovn/security-groups.test.ts': [
    ...(['PortSecurityAndIPRequiredForSecurityGroups', 'PortSecurityPortHasSecurityGroup'] as const),
    ...(['SecurityGroupDefaultAlreadyExists', 'SecurityGroupCannotRemoveDefault'] as const),
    ...(['SecurityGroupCannotUpdateDefault', 'SecurityGroupInUse', 'SecurityGroupNotFound'] as const),
    ...(['SecurityGroupRuleNotFound', 'SecurityGroupRuleExists', 'SecurityGroupRuleInvalidEtherType'] as const),
    ...(['SecurityGroupRuleInvalidProtocol', 'SecurityGroupInvalidPortRange'] as const),
    ...(['SecurityGroupProtocolRequiredWithPorts', 'SecurityGroupMultipleRemoteEntites'] as const),
    ...(['SecurityGroupRuleParameterConflict', 'SecurityGroupEthertypeConflictWithProtocol'] as const),
    ...(['SecurityGroupMissingIcmpType', 'SecurityGroupInvalidIcmpValue'] as const),
  ],
}

const textOf = (file: string) => readFileSync(join(import.meta.dirname, '..', file), 'utf8')

const names = (text: string, type: string) => text.includes(`'${type}'`)

test('every error is produced in a test', () => {
  const onOvn = textOf('backends/ovn/contract.test.ts')
  const ofContract = globSync('{errors/,}*.test.ts', { cwd: import.meta.dirname })
    .filter((file) => names(onOvn, file.replace(/^.*\/|\.test\.ts$/g, '')))
    .map((file) => textOf(`contract/${file}`))
  const others = Object.values(elsewhere).flat()
  const missing = (Object.keys(networkingErrors) as NetworkingErrorType[]).filter(
    (type) => !others.includes(type) && !ofContract.some((text) => names(text, type)),
  )
  assert.deepEqual(missing, [])
  for (const [file, types] of Object.entries(elsewhere))
    for (const type of types) assert.ok(names(textOf(file), type), `${file} says nothing of ${type}`)
})
