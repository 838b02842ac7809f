// The networks that a provider has and the engine lacks.
import { Button, Content, Flex, FlexItem } from '@patternfly/react-core'
import ArrowRightIcon from '@patternfly/react-icons/dist/esm/icons/arrow-right-icon'
import { Table, Tbody, Td, Th, Thead, Tr } from '@patternfly/react-table'
import { ActionButton } from '../feedback/action-button.tsx'
import { Busy } from '../feedback/busy.tsx'
import { text } from '../text/import.ts'
import { text as portal } from '../text/portal.ts'
import type { Offered } from './import-table.ts'

interface Props {
  readonly offered: readonly Offered[]
  readonly isPending: boolean
  readonly onMark: (networks: readonly Offered[]) => void
}

export function OfferedTable({ offered, isPending, onMark }: Props) {
  const whyNot = isPending ? portal.loading : offered.length === 0 ? text.nothingOffered : undefined
  return (
    <>
      <Flex>
        <Content component="h2">{text.offered}</Content>
        <FlexItem align={{ default: 'alignRight' }}>
          <ActionButton variant="link" whyNot={whyNot} onClick={() => onMark(offered)}>
            {text.markAll}
          </ActionButton>
        </FlexItem>
      </Flex>
      {isPending && <Busy />}
      {!isPending && offered.length === 0 && <Content>{text.nothingOffered}</Content>}
      {offered.length > 0 && (
        <Table aria-label={text.offered} variant="compact">
          <Thead>
            <Tr>
              <Th>{text.name}</Th>
              <Th>{text.externalId}</Th>
              <Th screenReaderText={text.mark} />
            </Tr>
          </Thead>
          <Tbody>
            {offered.map((network) => (
              <Tr key={network.id}>
                <Td dataLabel={text.name}>{network.name}</Td>
                <Td dataLabel={text.externalId} modifier="truncate">
                  {network.id}
                </Td>
                <Td isActionCell>
                  <Button
                    variant="plain"
                    icon={<ArrowRightIcon />}
                    aria-label={`${text.mark}: ${network.name}`}
                    onClick={() => onMark([network])}
                  />
                </Td>
              </Tr>
            ))}
          </Tbody>
        </Table>
      )}
    </>
  )
}
