import assert from 'node:assert/strict'
import { test } from 'node:test'
import { labelMistakes, labelRequest, labelsOf } from './nic-labels.ts'

test('labels by interface, as the engine tells them', () => {
  const followed = { host_nic: [{ id: 'a', network_labels: { network_label: [{ id: 'lan' }] } }, { id: 'b' }] }
  assert.deepEqual(
    [...labelsOf(followed)],
    [
      ['a', ['lan']],
      ['b', []],
    ],
  )
})

test('what comes and what goes is asked for; what stays is not', () => {
  const asked = labelRequest('a', ['lan', 'old'], { labels: ' lan, new ,, new' })
  assert.deepEqual(asked, {
    modified_labels: { network_label: [{ id: 'new', host_nic: { id: 'a' } }] },
    removed_labels: { network_label: [{ id: 'old' }] },
    check_connectivity: 'true',
    commit_on_success: 'true',
  })
})

test('a label has letters, digits, hyphens and underscores', () => {
  assert.deepEqual(labelMistakes({ labels: 'lan-1, wan_2' }), {})
  assert.deepEqual(Object.keys(labelMistakes({ labels: 'a b' })), ['labels'])
})
