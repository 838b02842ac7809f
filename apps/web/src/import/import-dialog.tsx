// Import networks of a provider: what it has on one side, what is to be imported on the other.

import { dataCenterType } from '@patchbay/ovirt-api/types/infrastructure.ts'
import { providerNetworkType, providerType } from '@patchbay/ovirt-api/types/providers.ts'
import { Alert, Grid, GridItem } from '@patternfly/react-core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useOwnDataCenters } from '../data-centers/own-data-centers.ts'
import { collection } from '../engine/queries.ts'
import { request } from '../engine/request.ts'
import { useChange } from '../engine/use-change.ts'
import { FailureAlert } from '../feedback/failure-alert.tsx'
import { ChoiceField } from '../form/fields.tsx'
import { FormDialog } from '../form/form-dialog.tsx'
import { text } from '../text/import.ts'
import { type DataCenter, importBody, type Marked, mark, mistakeOf, type Offered, offeredOf } from './import-table.ts'
import { MarkedTable } from './marked-table.tsx'
import { OfferedTable } from './offered-table.tsx'

const providersPath = '/openstacknetworkproviders'

interface Props {
  /** Fixed to this one; undefined: it is chosen. */
  readonly providerId?: string
  readonly onClose: () => void
}

export function ImportDialog({ providerId, onClose }: Props) {
  const [chosen, setChosen] = useState(providerId ?? '')
  const [marked, setMarked] = useState<readonly Marked[]>([])
  const { isSuccess } = useQuery(collection(dataCenterType, '/datacenters'))
  const dataCenters = useOwnDataCenters()
  const importing = useImport(chosen, setMarked, onClose)
  const isReady = marked.length > 0 && marked.every((row) => mistakeOf(row, marked) === undefined)
  const choose = (id: string) => {
    setChosen(id)
    setMarked([])
  }
  return (
    <FormDialog
      title={text.title}
      verb={text.import}
      isWide
      isBusy={importing.isPending}
      whyNot={isReady ? undefined : text.nothingMarked}
      error={importing.error}
      onSubmit={() => importing.mutate(marked)}
      onClose={onClose}
    >
      {isSuccess && dataCenters.length === 0 && <Alert variant="warning" isInline title={text.noDataCenter} />}
      {providerId === undefined && <ProviderChoice chosen={chosen} onChoose={choose} />}
      {chosen !== '' && (
        <Tables key={chosen} providerId={chosen} dataCenters={dataCenters} marked={marked} onChange={setMarked} />
      )}
    </FormDialog>
  )
}

/** Row by row; those that are done leave the table, so that what is left can be mended and sent again. */
function useImport(providerId: string, setMarked: (rows: readonly Marked[]) => void, done: () => void) {
  return useChange(
    async (rows: readonly Marked[]) => {
      let left = rows
      for (const row of rows) {
        const path = `${providersPath}/${providerId}/networks/${encodeURIComponent(row.externalId)}/import`
        await request('POST', path, importBody(row))
        left = left.filter((other) => other !== row)
        setMarked(left)
      }
    },
    { done },
  )
}

function ProviderChoice({ chosen, onChoose }: { chosen: string; onChoose: (id: string) => void }) {
  const { data = [], isSuccess } = useQuery(collection(providerType, providersPath))
  const managed = data.filter(({ unmanaged }) => !unmanaged)
  if (isSuccess && managed.length === 0) return <Alert variant="info" isInline title={text.noProvider} />
  const options = managed.map(({ id, name = '' }) => [id, name] as const)
  return (
    <ChoiceField
      label={text.provider}
      value={chosen}
      options={[['', text.chooseProvider], ...options]}
      onChange={onChoose}
    />
  )
}

interface TablesProps {
  readonly providerId: string
  readonly dataCenters: readonly DataCenter[]
  readonly marked: readonly Marked[]
  readonly onChange: (rows: readonly Marked[]) => void
}

function Tables({ providerId, dataCenters, marked, onChange }: TablesProps) {
  const path = `${providersPath}/${providerId}/networks`
  const { data: networks = [], error, isPending } = useQuery(collection(providerNetworkType, path))
  if (error) return <FailureAlert error={error} title={text.listingFailed} />
  const offered = offeredOf(networks, marked, dataCenters)
  const markThese = (more: readonly Offered[]) =>
    onChange([...marked, ...more.map((network) => mark(network, dataCenters))])
  return (
    <Grid hasGutter>
      <GridItem lg={5}>
        <OfferedTable offered={offered} isPending={isPending} onMark={markThese} />
      </GridItem>
      <GridItem lg={7}>
        <MarkedTable marked={marked} networks={networks} dataCenters={dataCenters} onChange={onChange} />
      </GridItem>
    </Grid>
  )
}
