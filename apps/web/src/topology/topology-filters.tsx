// What the topology is narrowed to: things by their names, and only what is broken.
import type { ResourceType } from '@patchbay/ovirt-api/element.ts'
import { clusterType, hostType } from '@patchbay/ovirt-api/types/infrastructure.ts'
import { networkType } from '@patchbay/ovirt-api/types/networks.ts'
import { providerType } from '@patchbay/ovirt-api/types/providers.ts'
import { vmType } from '@patchbay/ovirt-api/types/vms.ts'
import { Button, Form } from '@patternfly/react-core'
import { useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { collection, single } from '../engine/queries.ts'
import { searchValue } from '../engine/search-value.ts'
import { ChoiceField, TextField, Tick } from '../form/fields.tsx'
import { text } from '../text/topology.ts'
import { type FilterName, filterNames, isNarrowed, maxChoices, type TopologyPlace, usualMax } from './topology-place.ts'

const collections: Readonly<Record<FilterName, readonly [ResourceType, string]>> = {
  provider: [providerType, '/openstacknetworkproviders'],
  network: [networkType, '/networks'],
  cluster: [clusterType, '/clusters'],
  host: [hostType, '/hosts'],
  vm: [vmType, '/vms'],
}

interface Props {
  readonly place: TopologyPlace
  readonly go: (change: TopologyPlace) => void
}

export function TopologyFilters({ place, go }: Props) {
  const nothing = Object.fromEntries(filterNames.map((name) => [name, undefined]))
  return (
    <Form
      className="topology-filters"
      role="search"
      aria-label={text.filter}
      onSubmit={(event) => event.preventDefault()}
    >
      {filterNames.map((name) => (
        <NameFilter key={name} name={name} id={place[name]} onChange={(id) => go({ [name]: id })} />
      ))}
      <ChoiceField
        label={text.oneByOne}
        value={String(place.max ?? usualMax)}
        options={maxChoices.map((count) => [String(count), String(count)] as const)}
        onChange={(max) => go({ max: Number(max) === usualMax ? undefined : Number(max) })}
      />
      <Tick
        label={text.onlyBroken}
        isOn={place.broken ?? false}
        onChange={(isOn) => go({ broken: isOn || undefined })}
      />
      {isNarrowed(place) && (
        <Button variant="link" onClick={() => go({ ...nothing, broken: undefined })}>
          {text.clear}
        </Button>
      )}
    </Form>
  )
}

interface NameProps {
  readonly name: FilterName
  readonly id: string | undefined
  readonly onChange: (id: string | undefined) => void
}

const mostSuggestions = 20

/** What is typed counts until the address says something else. */
interface Typing {
  readonly typed: string
  /** The id that the address has, or will have in a moment. */
  readonly at: string | undefined
  readonly isComing: boolean
}

/** As soon as what is typed is a name, it narrows; an empty one does not. */
function NameFilter({ name, id, onChange }: NameProps) {
  const [type, path] = collections[name]
  const [typing, setTyping] = useState<Typing>()
  const typed = typing && (typing.isComing || typing.at === id) ? typing.typed : undefined
  const search = `name=${searchValue(`${typing?.typed ?? ''}*`)}`
  const { data: suggested = [] } = useQuery({
    ...collection(type, path, new URLSearchParams({ max: String(mostSuggestions), search }).toString()),
    enabled: typing !== undefined,
  })
  const { data: known } = useQuery({ ...single(type, `${path}/${id}`), enabled: id !== undefined })
  const current = suggested.find((each) => each.id === id) ?? (id === undefined ? undefined : known)
  const chosen = typed ? suggested.find((each) => nameIn(each) === typed)?.id : undefined
  useEffect(() => {
    if (!typing) return
    if (typing.isComing && typing.at === id) setTyping({ ...typing, isComing: false })
    if (typing.isComing || chosen === undefined || chosen === id) return
    setTyping({ typed: typing.typed, at: chosen, isComing: true })
    onChange(chosen)
  })
  const take = (next: string) => {
    setTyping({ typed: next, at: id, isComing: false })
    if (next === '' && id !== undefined) onChange(undefined)
  }
  return (
    <TextField
      label={text.filters[name]}
      value={typed ?? nameIn(current)}
      placeholder={text.filterHint}
      suggestions={suggested.map(nameIn)}
      onChange={take}
    />
  )
}

const nameIn = (resource: unknown) => String((resource as { name?: string } | undefined)?.name ?? '')
