// What is typed into a list's search becomes a query of the engine.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type ListState, listQuery } from './list-query.ts'

const searchOf = (state: ListState) => new URLSearchParams(listQuery(state)).get('search')

test('an untouched list asks for nothing but a page', () => {
  assert.equal(listQuery({}), 'max=50')
  assert.equal(listQuery({ q: '   ', page: 1 }), 'max=50')
})

test('words are a part of a name, or of what else describes a thing', () => {
  assert.equal(searchOf({ q: 'web' }), '"*web*"')
  assert.equal(searchOf({ q: ' web-1.a ' }), '"*web-1.a*"')
  assert.equal(searchOf({ q: 'a b' }), '"*a b*"')
  assert.equal(searchOf({ q: 'blå & "grün"' }), '"*blå & *grün**"')
})

test('a comparison is a query already', () => {
  for (const query of ['name=web*', 'status != up', 'datacenter="my dc" and name=a*'])
    assert.equal(searchOf({ q: query }), query)
})

test('sort and page follow the conditions', () => {
  assert.equal(searchOf({ sort: 'name' }), 'sortby name asc')
  assert.equal(searchOf({ q: 'web', sort: '-name', page: 3 }), '"*web*" sortby name desc page 3')
})
