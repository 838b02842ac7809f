// A page with a list that the engine searches, sorts and pages. What it shows stands in the address.
import type { ResourceType } from '@patchbay/ovirt-api/element.ts'
import {
  Content,
  PageSection,
  Pagination,
  Toolbar,
  ToolbarContent,
  ToolbarGroup,
  ToolbarItem,
} from '@patternfly/react-core'
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { collection } from '../engine/queries.ts'
import type { Shown } from '../engine/resource.ts'
import { Busy } from '../feedback/busy.tsx'
import { FailureAlert } from '../feedback/failure-alert.tsx'
import { Nothing } from '../feedback/nothing.tsx'
import { useRights } from '../rights/use-rights.ts'
import { text } from '../text/portal.ts'
import { text as rightsText } from '../text/rights.ts'
import { listQuery, pageSize } from './list-query.ts'
import { NothingFound } from './nothing-found.tsx'
import { usePlace } from './place.ts'
import { type Column, ResourceTable, type RowAction, type Selection } from './resource-table.tsx'
import { SearchField } from './search-field.tsx'

interface Props<Type extends ResourceType> {
  readonly title: string
  readonly type: Type
  /** Below the API's root. */
  readonly path: string
  readonly columns: readonly Column<Shown<Type>>[]
  readonly rowActions?: (row: Shown<Type>) => readonly RowAction[]
  readonly searchHint?: string
  /** Buttons beside the search. */
  readonly actions?: ReactNode
  readonly selection?: Selection<Shown<Type>>
  /** Shown where there is nothing at all: what to do first. */
  readonly empty: ReactNode
  /** Dialogs, which need the rows that are shown. */
  readonly children?: (rows: readonly Shown<Type>[]) => ReactNode
}

export function ListPage<Type extends ResourceType>(props: Props<Type>) {
  const { title, type, path, columns, rowActions, actions, selection, empty, children, searchHint } = props
  const { place, go } = usePlace()
  const { isAdministrator } = useRights()
  const { data: rows, error } = useQuery(collection(type, path, listQuery(place)))
  const isNarrowed = Boolean(place.q || (place.page ?? 1) > 1)
  const isEmpty = rows?.length === 0
  return (
    <>
      <PageSection>
        <Content component="h1">{title}</Content>
      </PageSection>
      <PageSection isFilled>
        <Toolbar>
          <ToolbarContent>
            <ToolbarItem className="search-item">
              <SearchField
                key={place.q}
                hint={searchHint}
                value={place.q ?? ''}
                onSearch={(q) => go({ q: q || undefined, page: undefined })}
              />
            </ToolbarItem>
            <ToolbarGroup>{actions}</ToolbarGroup>
            <ToolbarItem variant="pagination" align={{ default: 'alignEnd' }}>
              <Pages rowCount={rows?.length ?? 0} />
            </ToolbarItem>
          </ToolbarContent>
        </Toolbar>
        {error && <FailureAlert error={error} title={text.notLoaded} />}
        {!rows && !error && <Busy />}
        {isEmpty && (isNarrowed ? <NothingFound /> : isAdministrator ? empty : <NothingForYou />)}
        {rows && !isEmpty && (
          <ResourceTable
            label={title}
            rows={rows as readonly (Shown<Type> & { name?: string })[]}
            columns={columns}
            sort={place.sort}
            onSort={(sort) => go({ sort, page: undefined })}
            actions={rowActions}
            selection={selection}
          />
        )}
        {children?.(rows ?? [])}
      </PageSection>
    </>
  )
}

/** What others see here, one does not: that there is nothing would be a guess. */
const NothingForYou = () => <Nothing title={rightsText.nothingForYou} body={rightsText.nothingForYouWhy} />

/** The engine does not say how many there are: a full page may have a next one. */
function Pages({ rowCount }: { rowCount: number }) {
  const { place, go } = usePlace()
  const { page = 1 } = place
  if (page === 1 && rowCount < pageSize) return null
  const count = rowCount < pageSize ? { itemCount: (page - 1) * pageSize + rowCount } : {}
  return (
    <Pagination
      isCompact
      {...count}
      page={page}
      perPage={pageSize}
      perPageOptions={[]}
      onSetPage={(_event, next) => go({ page: next > 1 ? next : undefined })}
      toggleTemplate={({ firstIndex, lastIndex }) => (
        <b>
          {firstIndex} – {lastIndex}
        </b>
      )}
    />
  )
}
