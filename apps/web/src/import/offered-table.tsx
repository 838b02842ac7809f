// The networks that a provider has and the engine lacks.
import { Button, Content, Flex, FlexItem } from '@patternfly/react-core'
import ArrowRightIcon from '@patternfly/react-icons/dist/esm/icons/arrow-right-icon'
import { Table, Tbody, Td, Th, Thead, Tr } from '@patternfly/react-table'
import { Busy } from '../feedback/busy.tsx'
import { text } from '../text/import.ts'
import type { Offered } from './import-table.ts'

interface Props {
  readonly offered: readonly Offered[]
  readonly isPending: boolean
  readonly onMark: (networks: readonly Offered[]) => void
}

export function OfferedTable({ offered, isPending, onMark }: Props) {
  return (
    <>
      <Flex>
        <Content component="h2">{text.offered}</Content>
        <FlexItem align={{ default: 'alignRight' }}>
          <Button variant="link" isDisabled={offered.length === 0} onClick={() => onMark(offered)}>
            {text.markAll}
          </Button>
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
