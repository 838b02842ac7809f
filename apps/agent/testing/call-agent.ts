// For hook scripts in tests: one call of the agent on this host. Arguments: verb, id of the VM.
import { connectVdsm } from '@patchbay/vdsm-rpc/client.ts'

const [verb = '', vmID = ''] = process.argv.slice(2)
const client = await connectVdsm({ host: '127.0.0.1', port: 54_321 })
try {
  await client.call(verb, { vmID })
} finally {
  await client.close()
}
