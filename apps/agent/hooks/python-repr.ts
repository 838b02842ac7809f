// Bytes as Python prints them. VDSM shows a hook's stderr in this form, and its clients pass the text on to people.

const shortEscapes: Record<number, string> = { 9: '\\t', 10: '\\n', 13: '\\r', 92: '\\\\' }

/** `repr(bytes)`: `b'…'`, in double quotes if that spares escaping a single quote. */
export function pythonBytesRepr(bytes: Uint8Array): string {
  const quote = bytes.includes(0x27) && !bytes.includes(0x22) ? '"' : "'"
  const text = Array.from(bytes, (byte) => {
    const character = String.fromCharCode(byte)
    if (character === quote) return `\\${quote}`
    if (byte >= 0x20 && byte < 0x7f && byte !== 0x5c) return character
    return shortEscapes[byte] ?? `\\x${byte.toString(16).padStart(2, '0')}`
  })
  return `b${quote}${text.join('')}${quote}`
}
