// Values as Python's repr() writes them: VDSM puts them into its error texts, and engines show and match those.

export type PythonValue =
  | string
  | number
  | boolean
  | null
  | Uint8Array
  | readonly PythonValue[]
  | { readonly [name: string]: PythonValue }

/** `{ vmId: 'x' }` → `{'vmId': 'x'}`, bytes → `b'…'`, null → `None`. */
export function pythonRepr(value: PythonValue): string {
  if (value === null) return 'None'
  if (typeof value === 'boolean') return value ? 'True' : 'False'
  if (typeof value === 'number') return String(value)
  if (typeof value === 'string') return quoted(value, /[\p{C}\p{Zl}\p{Zp}\p{Zs}]/gu)
  if (value instanceof Uint8Array) return `b${quoted(Buffer.from(value).toString('latin1'), /[^ -~]/g)}`
  if (Array.isArray(value)) return `[${value.map(pythonRepr).join(', ')}]`
  const entries = Object.entries(value).map(([name, item]) => `${pythonRepr(name)}: ${pythonRepr(item)}`)
  return `{${entries.join(', ')}}`
}

/** In single quotes unless that needs escapes and double quotes do not. */
function quoted(text: string, unprintable: RegExp): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'"
  const inner = text
    .replace(/\\/g, '\\\\')
    .replaceAll(quote, `\\${quote}`)
    .replace(unprintable, (character) => (character === ' ' ? ' ' : escaped(character)))
  return quote + inner + quote
}

const shortEscapes: Record<string, string> = { '\t': '\\t', '\n': '\\n', '\r': '\\r' }

function escaped(character: string): string {
  const code = character.codePointAt(0)!
  const hex = code.toString(16)
  if (code < 0x100) return shortEscapes[character] ?? `\\x${hex.padStart(2, '0')}`
  return code < 0x10000 ? `\\u${hex.padStart(4, '0')}` : `\\U${hex.padStart(8, '0')}`
}
