// The networks that are to be imported: under which name, into which data center, and for whom.
import { Button, Checkbox, Content, FormSelect, FormSelectOption, TextInput } from '@patternfly/react-core'
import ArrowLeftIcon from '@patternfly/react-icons/dist/esm/icons/arrow-left-icon'
import { Table, Tbody, Td, Th, Thead, Tr } from '@patternfly/react-table'
import { text } from '../text/import.ts'
import { type DataCenter, freeDataCenters, type Marked, mistakeOf, type Offered } from './import-table.ts'

interface Props {
  readonly marked: readonly Marked[]
  readonly networks: readonly Offered[]
  readonly dataCenters: readonly DataCenter[]
  readonly onChange: (rows: readonly Marked[]) => void
}

export function MarkedTable({ marked, networks, dataCenters, onChange }: Props) {
  const free = ({ externalId }: Marked) => {
    const network = networks.find(({ id }) => id === externalId)
    return network ? freeDataCenters(network, dataCenters) : []
  }
  const change = (row: Marked, next: Partial<Marked>) =>
    onChange(marked.map((each) => (each === row ? { ...each, ...next } : each)))
  return (
    <>
      <Content component="h2">{text.marked}</Content>
      {marked.length === 0 && <Content>{text.nothingMarked}</Content>}
      {marked.length > 0 && (
        <Table aria-label={text.marked} variant="compact">
          <Thead>
            <Tr>
              <Th screenReaderText={text.unmark} />
              <Th>{text.name}</Th>
              <Th>{text.dataCenter}</Th>
              <Th info={{ tooltip: text.allowAllWhy }}>
                <Checkbox
                  id="allow-all"
                  label={text.allowAll}
                  isChecked={marked.every(({ publicUse }) => publicUse)}
                  onChange={(_event, publicUse) => onChange(marked.map((row) => ({ ...row, publicUse })))}
                />
              </Th>
            </Tr>
          </Thead>
          <Tbody>
            {marked.map((row) => (
              <MarkedRow
                key={row.externalId}
                row={row}
                free={free(row)}
                mistake={mistakeOf(row, marked)}
                onChange={(next) => change(row, next)}
                onUnmark={() => onChange(marked.filter((each) => each !== row))}
              />
            ))}
          </Tbody>
        </Table>
      )}
    </>
  )
}

interface RowProps {
  readonly row: Marked
  readonly free: readonly DataCenter[]
  readonly mistake: string | undefined
  readonly onChange: (change: Partial<Marked>) => void
  readonly onUnmark: () => void
}

function MarkedRow({ row, free, mistake, onChange, onUnmark }: RowProps) {
  const { externalId, name, dataCenterId, publicUse } = row
  return (
    <Tr>
      <Td isActionCell>
        <Button variant="plain" icon={<ArrowLeftIcon />} aria-label={`${text.unmark}: ${name}`} onClick={onUnmark} />
      </Td>
      <Td dataLabel={text.name}>
        <TextInput
          aria-label={text.nameOf(externalId)}
          value={name}
          validated={mistake ? 'error' : 'default'}
          onChange={(_event, next) => onChange({ name: next })}
        />
        {mistake && <small role="alert">{mistake}</small>}
      </Td>
      <Td dataLabel={text.dataCenter}>
        <FormSelect
          aria-label={text.dataCenterOf(name)}
          value={dataCenterId}
          onChange={(_event, next) => onChange({ dataCenterId: next })}
        >
          {free.map(({ id, name: label = '' }) => (
            <FormSelectOption key={id} value={id} label={label} />
          ))}
        </FormSelect>
      </Td>
      <Td dataLabel={text.allowAll}>
        <Checkbox
          id={`allow-${externalId}`}
          aria-label={text.allowAllOf(name)}
          isChecked={publicUse}
          onChange={(_event, next) => onChange({ publicUse: next })}
        />
      </Td>
    </Tr>
  )
}
