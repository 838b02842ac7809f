// What commands show: tables for people, JSON for programs.
import type { Item } from './session.ts'

/** Heading, and the cell of an item. */
export type Column = readonly [heading: string, cell: (item: Item) => unknown]

export type Output =
  | { readonly items: readonly Item[]; readonly columns: readonly Column[] }
  /** One thing, in whole. */
  | { readonly item: Item; readonly fields: readonly Column[] }
  /** Something was done. */
  | { readonly done: string; readonly item?: Item }

export function written(output: Output, asJson: boolean): string {
  if (asJson) return JSON.stringify('items' in output ? output.items : (output.item ?? {}), undefined, 2)
  if ('done' in output) return output.done
  if ('items' in output) return table(output.items, output.columns)
  const width = Math.max(...output.fields.map(([heading]) => heading.length))
  return output.fields
    .map(([heading, cell]) => `${heading.padEnd(width)}  ${shown(cell(output.item))}`.trimEnd())
    .join('\n')
}

function table(items: readonly Item[], columns: readonly Column[]): string {
  const lines = [
    columns.map(([heading]) => heading),
    ...items.map((item) => columns.map(([, cell]) => shown(cell(item)))),
  ]
  const widths = columns.map((_column, at) => Math.max(...lines.map((line) => line[at]!.length)))
  return lines
    .map((line) =>
      line
        .map((cell, at) => cell.padEnd(widths[at]!))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

/** One item as a line, where nobody knows yet how wide the next ones are. */
export const lineOf = (item: Item, columns: readonly Column[]) =>
  columns.map(([, cell]) => shown(cell(item))).join('  ')

/** Names of others may hold anything: nothing of it may drive the terminal. */
function shown(cell: unknown): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is replaced
  return String(cell ?? '').replaceAll(/[\x00-\x1f\x7f-\x9f]+/g, ' ')
}
