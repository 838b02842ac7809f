// A subnet's squares. One of them is in the order of tabs; arrow keys lead to the others. Below stands whose it is.
import { type KeyboardEvent, useRef, useState } from 'react'
import { text } from '../text/addresses.ts'
import { type AddressMap, columnsOf, movedTo, type Square } from './address-map.ts'
import { describedSquare } from './square-text.ts'

export function AddressGrid({ label, map: { squares } }: { label: string; map: AddressMap }) {
  const [focused, setFocused] = useState(() =>
    Math.max(
      0,
      squares.findIndex(({ kind }) => kind === 'used'),
    ),
  )
  const [pointed, setPointed] = useState<Square>()
  const table = useRef<HTMLTableElement>(null)
  const columns = columnsOf(squares.length)
  const rows = Array.from({ length: Math.ceil(squares.length / columns) }, (_, row) => row * columns)
  const move = (event: KeyboardEvent) => {
    const next = movedTo(focused, event.key, squares.length)
    if (next === focused) return
    event.preventDefault()
    setFocused(next)
    table.current?.querySelector<HTMLElement>(`[data-square="${next}"]`)?.focus()
  }
  return (
    <>
      <table ref={table} className="address-grid" aria-label={label}>
        <tbody>
          {rows.map((from) => (
            <tr key={from}>
              <th scope="row">{squares[from]!.first}</th>
              {squares.slice(from, from + columns).map((square, column) => (
                <Cell
                  key={square.first}
                  square={square}
                  at={from + column}
                  isFocused={from + column === focused}
                  point={setPointed}
                  onKeyDown={move}
                />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      <p className="address-told">{pointed ? describedSquare(pointed) : text.hint}</p>
    </>
  )
}

interface CellProps {
  readonly square: Square
  readonly at: number
  readonly isFocused: boolean
  readonly point: (square: Square) => void
  readonly onKeyDown: (event: KeyboardEvent) => void
}

function Cell({ square, at, isFocused, point, onKeyDown }: CellProps) {
  const show = () => point(square)
  return (
    <td>
      <button
        type="button"
        aria-label={describedSquare(square)}
        className={`address-square is-${square.kind} is-${fullness(square)}`}
        data-square={at}
        tabIndex={isFocused ? 0 : -1}
        onKeyDown={onKeyDown}
        onFocus={show}
        onMouseEnter={show}
      />
    </td>
  )
}

/** Of squares with many addresses: how much of each is used. */
function fullness({ used, size }: Square): 'full' | 'half' | 'some' {
  const tenths = (BigInt(used.length) * 10n) / size
  if (tenths >= 9n) return 'full'
  return tenths >= 4n ? 'half' : 'some'
}
