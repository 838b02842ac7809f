// Rows of resources: columns, order, a menu of actions for each row.
import { MenuToggle } from '@patternfly/react-core'
import EllipsisVIcon from '@patternfly/react-icons/dist/esm/icons/ellipsis-v-icon'
import { ActionsColumn, type IAction, Table, Tbody, Td, type TdProps, Th, Thead, Tr } from '@patternfly/react-table'
import type { ReactNode } from 'react'
import { text } from '../text/portal.ts'

export interface Column<Row> {
  readonly title: string
  /** Field of the engine's search language; without one the column cannot be sorted by. */
  readonly sortBy?: string
  /** Such as a MAC address: never broken into lines. */
  readonly isShort?: boolean
  /** Told by the row's own page too: it makes room on narrow windows. */
  readonly isLesser?: boolean
  cell(row: Row): ReactNode
}

export interface RowAction {
  readonly title: string
  /** Why not now; undefined: it can be done. */
  readonly whyNot?: string | undefined
  readonly isDanger?: boolean
  run(): void
}

export interface Selection<Row> {
  has(row: Row): boolean
  toggle(row: Row): void
  toggleAll(rows: readonly Row[], isOn: boolean): void
}

interface Props<Row> {
  readonly label: string
  readonly rows: readonly Row[]
  readonly columns: readonly Column<Row>[]
  /** `name`, or `-name` for backwards. */
  readonly sort?: string | undefined
  readonly onSort?: (sort: string) => void
  readonly selection?: Selection<Row> | undefined
  readonly actions?: ((row: Row) => readonly RowAction[]) | undefined
}

type Identified = { readonly id: string; readonly name?: string | undefined }

export function ResourceTable<Row extends Identified>(props: Props<Row>) {
  const { label, rows, columns, sort = '', onSort, selection, actions } = props
  const sorted = columns.findIndex(({ sortBy }) => sortBy !== undefined && sortBy === sort.replace(/^-/, ''))
  const sortOf = ({ sortBy }: Column<Row>, columnIndex: number) =>
    sortBy && onSort
      ? {
          columnIndex,
          sortBy: { ...(sorted >= 0 && { index: sorted }), direction: sort.startsWith('-') ? 'desc' : 'asc' } as const,
          onSort: (_event: unknown, _index: number, direction: 'asc' | 'desc') =>
            onSort(direction === 'desc' ? `-${sortBy}` : sortBy),
        }
      : undefined
  return (
    <Table aria-label={label} variant="compact" {...(columns.length > mostColumns && crowded)}>
      <Thead>
        <Tr>
          {selection && (
            <Th
              aria-label={text.selectAll}
              select={{
                isSelected: rows.length > 0 && rows.every((row) => selection.has(row)),
                onSelect: (_event, isOn) => selection.toggleAll(rows, isOn),
              }}
            />
          )}
          {columns.map((column, index) => {
            const order = sortOf(column, index)
            return (
              <Th key={column.title} modifier="nowrap" {...(order && { sort: order })} {...roomOf(column)}>
                {column.title}
              </Th>
            )
          })}
          {actions && <Th screenReaderText={text.actions} />}
        </Tr>
      </Thead>
      <Tbody>
        {rows.map((row, rowIndex) => (
          <Tr key={row.id}>
            {selection && (
              <Td select={{ rowIndex, isSelected: selection.has(row), onSelect: () => selection.toggle(row) }} />
            )}
            {columns.map((column) => (
              <Td
                key={column.title}
                dataLabel={column.title}
                {...(column.isShort && { modifier: 'nowrap' })}
                {...roomOf(column)}
              >
                <Content content={column.cell(row)} />
              </Td>
            ))}
            {actions && (
              <Td isActionCell>
                <ActionsColumn
                  items={actions(row).map(toItem)}
                  popperProps={{ position: 'right' }}
                  actionsToggle={({ onToggle, isOpen, toggleRef }) => (
                    <MenuToggle
                      ref={toggleRef}
                      variant="plain"
                      isExpanded={isOpen}
                      onClick={onToggle}
                      icon={<EllipsisVIcon />}
                      aria-label={text.actionsOf(row.name ?? row.id)}
                    />
                  )}
                />
              </Td>
            )}
          </Tr>
        ))}
      </Tbody>
    </Table>
  )
}

/** With more, they stand closer, and on narrow windows each row is a card with a line per column. */
const mostColumns = 8
const crowded = { className: 'has-many-columns', gridBreakPoint: 'grid-lg' } as const

/** Cards have room for everything; the columns between them and a wide window do not. */
const roomOf = ({ isLesser }: { readonly isLesser?: boolean }): Pick<TdProps, 'visibility'> =>
  isLesser ? { visibility: ['hiddenOnMd', 'visibleOnLg'] } : {}

/** A text of many lines would hide the other rows: it is cut, and whole where one points at it. */
function Content({ content }: { content: ReactNode }) {
  if (typeof content !== 'string' || content.length <= longest) return content
  return (
    <div className="cell-of-few-lines" title={content}>
      {content}
    </div>
  )
}

const longest = 100

const toItem = ({ title, whyNot, isDanger = false, run }: RowAction): IAction => ({
  title,
  isDanger,
  onClick: run,
  ...(whyNot !== undefined && { isAriaDisabled: true, tooltipProps: { content: whyNot } }),
})
