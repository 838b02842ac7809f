import assert from 'node:assert/strict'
import { test } from 'node:test'
import { pythonRepr } from './calls/python-repr.ts'
import { vdsmError, vdsmErrors } from './errors.ts'

test('errors are worded as VDSM words them', () => {
  const worded: [ReturnType<typeof vdsmError>, number, string][] = [
    [vdsmError('VMExists'), 4, 'Virtual machine already exists'],
    [vdsmError('NoSuchVM', { vmId: 'a-b' }), 1, "Virtual machine does not exist: {'vmId': 'a-b'}"],
    [vdsmError('HookError', [Buffer.from('port P not found\n')]), 1500, "Hook Error: (b'port P not found\\n',)"],
    [vdsmError('GeneralException', ['one', 2]), 100, "General Exception: ('one', 2)"],
    [vdsmError('HotplugNicFailed', 'no such bridge'), 49, 'no such bridge'],
  ]
  for (const [error, code, message] of worded) assert.deepEqual([error.code, error.message], [code, message])
})

test('every code stands for one error', () => {
  const codes = Object.values(vdsmErrors).map(({ code }) => code)
  assert.equal(new Set(codes).size, codes.length)
})

test('values are written as Python writes them', () => {
  const written: [Parameters<typeof pythonRepr>[0], string][] = [
    [null, 'None'],
    [true, 'True'],
    [-1.5, '-1.5'],
    ["it's", `"it's"`],
    [`it's "so"`, `'it\\'s "so"'`],
    ['a\\b\tc\x07é\u200b\u{1f600}\u{e0001}', "'a\\\\b\\tc\\x07é\\u200b😀\\U000e0001'"],
    [Buffer.from("é'\r\n\0"), `b"\\xc3\\xa9'\\r\\n\\x00"`],
    [{ a: ['x', {}], b: [] }, "{'a': ['x', {}], 'b': []}"],
  ]
  for (const [value, text] of written) assert.equal(pythonRepr(value), text)
})
