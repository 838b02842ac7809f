// A list within a page about something else: all of it, with an action or two.
import type { ResourceType } from '@patchbay/ovirt-api/element.ts'
import { Toolbar, ToolbarContent, ToolbarItem } from '@patternfly/react-core'
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { collection } from '../engine/queries.ts'
import type { Shown } from '../engine/resource.ts'
import { Loaded } from '../feedback/loaded.tsx'
import { Nothing } from '../feedback/nothing.tsx'
import { type Column, ResourceTable, type RowAction } from './resource-table.tsx'

interface Props<Type extends ResourceType> {
  readonly label: string
  readonly type: Type
  readonly path: string
  /** As `collection` takes it. */
  readonly query?: string
  readonly columns: readonly Column<Shown<Type>>[]
  readonly rowActions?: ((row: Shown<Type>) => readonly RowAction[]) | undefined
  readonly actions?: ReactNode
  /** Shown where there is nothing; `action`: where one goes on, if none of the actions above does it. */
  readonly empty: { readonly title: string; readonly body: string; readonly action?: ReactNode }
  /** Dialogs, which need the rows. */
  readonly children?: (rows: readonly Shown<Type>[]) => ReactNode
}

export function RelatedTable<Type extends ResourceType>(props: Props<Type>) {
  const { label, type, path, query, columns, rowActions, actions, empty, children } = props
  const rows = useQuery(collection(type, path, query))
  return (
    <>
      {actions && (
        <Toolbar>
          <ToolbarContent>
            <ToolbarItem>{actions}</ToolbarItem>
          </ToolbarContent>
        </Toolbar>
      )}
      <Loaded query={rows}>
        {(all) => (
          <>
            {all.length === 0 && <Nothing {...empty} />}
            {all.length > 0 && (
              <ResourceTable
                label={label}
                rows={all as readonly (Shown<Type> & { name?: string })[]}
                columns={columns}
                actions={rowActions}
              />
            )}
            {children?.(all)}
          </>
        )}
      </Loaded>
    </>
  )
}
