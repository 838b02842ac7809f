import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { test } from 'node:test'
import { withoutPython } from './hook-test-bed.ts'
import { pythonBytesRepr } from './python-repr.ts'

test('bytes are shown as Python shows them', () => {
  const shown: [string | number[], string][] = [
    ['', `b''`],
    ['port P not found\n', String.raw`b'port P not found\n'`],
    ['a\tb\r\\', String.raw`b'a\tb\r\\'`],
    ["it's", `b"it's"`],
    ['say "no"', `b'say "no"'`],
    [`it's "no"`, String.raw`b'it\'s "no"'`],
    ['né', String.raw`b'n\xc3\xa9'`],
    [[0x00, 0x1f, 0x20, 0x7e, 0x7f, 0xff], String.raw`b'\x00\x1f ~\x7f\xff'`],
  ]
  for (const [bytes, expected] of shown) assert.equal(pythonBytesRepr(Buffer.from(bytes as string)), expected)
})

test('Python itself agrees on every byte, alone and beside either quote', { skip: withoutPython }, () => {
  const program = `print('\\n'.join(repr(bytes([b]) + q) for b in range(256) for q in (b'', b"'", b'"')))`
  const expected = execFileSync('python3', ['-c', program], { encoding: 'utf8' }).trimEnd().split('\n')
  const quotes = ['', "'", '"']
  const shown = Array.from({ length: 768 }, (_, index) =>
    pythonBytesRepr(Buffer.from([Math.floor(index / 3), ...Buffer.from(quotes[index % 3]!)])),
  )
  assert.deepEqual(shown, expected)
})
