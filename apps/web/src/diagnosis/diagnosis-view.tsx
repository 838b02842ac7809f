// Why a vNIC has no network: what to do, and below it the path with the link that breaks it. For any page.
import { diagnosisType } from '@patchbay/ovirt-api/types/diagnosis.ts'
import { Alert, Button, Flex, FlexItem, Stack, StackItem } from '@patternfly/react-core'
import { useQuery } from '@tanstack/react-query'
import { single } from '../engine/queries.ts'
import { Loaded } from '../feedback/loaded.tsx'
import { text } from '../text/diagnosis.ts'
import { chainOf, verdictOf } from './chain.ts'
import { DiagnosisPath } from './diagnosis-path.tsx'

interface Props {
  /** Ids. */
  readonly vm: string
  readonly nic: string
}

export function DiagnosisView({ vm, nic }: Props) {
  const query = useQuery({
    ...single(diagnosisType, `/vms/${vm}/nics/${nic}/diagnosis`),
    // It asks the provider and the host: only when somebody looks.
    refetchInterval: false,
  })
  return (
    <Loaded query={query}>
      {(diagnosis) => {
        const { variant, title, body } = verdictOf(diagnosis)
        return (
          <Stack hasGutter>
            <StackItem>
              <Alert isInline variant={variant} title={title} component="h2">
                {body}
              </Alert>
            </StackItem>
            <StackItem>
              <Flex alignItems={{ default: 'alignItemsCenter' }}>
                <Button variant="secondary" isLoading={query.isFetching} onClick={() => void query.refetch()}>
                  {text.again}
                </Button>
                <FlexItem aria-live="polite">
                  {text.lookedAt(new Date(query.dataUpdatedAt).toLocaleTimeString())}
                </FlexItem>
              </Flex>
            </StackItem>
            <StackItem>
              <DiagnosisPath chain={chainOf(diagnosis)} />
            </StackItem>
          </Stack>
        )
      }}
    </Loaded>
  )
}
