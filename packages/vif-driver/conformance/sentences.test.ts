// docs/vif-driver.md and the suite say the same, in both directions.
import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { driverFeatures } from '../driver-capabilities.ts'
import { driverErrors } from '../driver-error.ts'
import { uncheckedSentences } from './unchecked-sentences.ts'

const page = readFileSync(new URL('../../../docs/vif-driver.md', import.meta.url), 'utf8')
const numbersIn = (text: string) => [...text.matchAll(/\[([A-Z]+-\d+)\]/g)].map(([, number]) => number!)
const sentences = numbersIn(page)

/** In names of tests only: a comment about a sentence does not check it. */
const quoted = new Set(
  globSync('describe-*.ts', { cwd: import.meta.dirname })
    .flatMap((file) => readFileSync(new URL(file, import.meta.url), 'utf8').split('\n'))
    .filter((line) => /^\s*((test|check)\()?['"`]\[/.test(line))
    .flatMap(numbersIn),
)
const unchecked = Object.keys(uncheckedSentences)

test('the numbers of the sentences are given once, and without a gap', () => {
  const bySubject = Object.groupBy(sentences, (number) => number.split('-')[0]!)
  for (const [subject, numbers = []] of Object.entries(bySubject))
    assert.deepEqual(
      numbers,
      numbers.map((_, index) => `${subject}-${index + 1}`),
    )
})

test('every sentence is quoted by a test or listed as unchecked, and not both', () => {
  assert.deepEqual(
    sentences.filter((sentence) => quoted.has(sentence) === unchecked.includes(sentence)),
    [],
  )
})

test('every number in a test or in the list is a sentence of the page', () => {
  assert.deepEqual(
    [...quoted, ...unchecked].filter((number) => !sentences.includes(number)),
    [],
  )
})

test('every kind of error is documented once with its code, and no other is', () => {
  const rows = [...page.matchAll(/^\| `([a-z-]+)` \| (\d+) \| (.+\.) \|$/gm)].map(([, kind, code]) => [
    kind,
    Number(code),
  ])
  assert.deepEqual(rows, Object.entries(driverErrors))
})

test('every feature that a driver may name is documented, and no other is', () => {
  const table = page.slice(page.indexOf('| Feature |'), page.indexOf('**get_stats('))
  assert.deepEqual(
    [...table.matchAll(/^\| `([a-z0-9-]+)` \|/gm)].map(([, word]) => word),
    [...driverFeatures],
  )
})
