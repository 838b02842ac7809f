// What went through within the last minutes. The engine keeps it: hosts tell it every 15 s, whoever looks.
import { trafficType } from '@patchbay/ovirt-api/types/traffic.ts'
import { nicType } from '@patchbay/ovirt-api/types/vms.ts'
import { useQuery } from '@tanstack/react-query'
import { collection, single } from '../engine/queries.ts'
import { Loaded } from '../feedback/loaded.tsx'
import { Nothing } from '../feedback/nothing.tsx'
import { text } from '../text/charts.ts'
import { RateChart } from './rate-chart.tsx'
import { isKnown, ratesOf } from './rates.ts'

const everyMs = 15_000

export const NetworkTraffic = ({ id, name }: { id: string; name: string }) => (
  <Traffic path={`/networks/${id}/traffic`} title={text.ofNetwork(name)} />
)

export function VmTraffic({ id }: { id: string }) {
  const nics = useQuery(collection(nicType, `/vms/${id}/nics`))
  return (
    <Loaded query={nics}>
      {(all) => (
        <>
          {all.length === 0 && <Nothing title={text.noNics} body={text.noNicsWhy} />}
          {all.map((nic) => (
            <Traffic key={nic.id} path={`/vms/${id}/nics/${nic.id}/traffic`} title={text.of(nic.name ?? '')} />
          ))}
        </>
      )}
    </Loaded>
  )
}

function Traffic({ path, title }: { path: string; title: string }) {
  const query = useQuery({ ...single(trafficType, path), refetchInterval: everyMs })
  return (
    <Loaded query={query}>
      {(traffic) => {
        const rates = ratesOf(traffic)
        if (!rates.some(isKnown))
          return <Nothing title={`${title}: ${text.empty.toLowerCase()}`} body={text.emptyWhy} />
        return <RateChart title={title} rates={rates} />
      }}
    </Loaded>
  )
}
