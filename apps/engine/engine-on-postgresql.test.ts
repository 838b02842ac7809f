// The engine's tests that lean on the database most, once more on PostgreSQL.
import { test } from 'node:test'
import { chooseTestDatabase } from './store/testing/test-database.ts'
import { postgresUnavailable } from './store/testing/test-postgres.ts'

const reason = postgresUnavailable()
if (reason) test('the engine on PostgreSQL', { skip: reason })
else {
  chooseTestDatabase('postgres')
  await import('./lifecycle/workflows/workflow-runner.test.ts')
  await import('./services/clusters/data-centers-clusters-hosts.test.ts')
  await import('./lifecycle/vms/migrate-vm.test.ts')
}
