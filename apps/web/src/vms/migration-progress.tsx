// A virtual machine on its way to another host.
import { Flex, Progress, ProgressSize, Spinner } from '@patternfly/react-core'
import { text } from '../text/vms.ts'
import { useMigrationProgress } from './use-migration-progress.ts'

export function MigrationProgress({ vmId }: { vmId: string }) {
  const percent = useMigrationProgress(vmId)
  if (percent !== undefined) return <Progress title={text.migrating} value={percent} size={ProgressSize.sm} />
  return (
    <Flex role="status" alignItems={{ default: 'alignItemsCenter' }}>
      <Spinner size="md" aria-label={text.migrating} /> {text.migrating}
    </Flex>
  )
}
