// XML as oVirt's clients send and expect it; and what is refused, before it costs anything.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { bool, int, list, reference, resource, struct, text } from './element.ts'
import { fromJson, toJson, toJsonCollection } from './json.ts'
import { fromXml, InvalidXml, toXml } from './xml.ts'

const gadgetType = resource('gadget', 'gadgets', {
  name: text,
  ready: bool,
  size: int,
  owner: reference,
  usages: list('usage', text),
  properties: list('property', struct({ name: text, value: text })),
})
const read = (xml: string) => fromJson(gadgetType, fromXml(xml))
const inner = (xml: string) => xml.replace(/^<\?xml [^>]*\?>\n/, '').trimEnd()

describe('what is answered', () => {
  const value = { id: '1', name: 'a <b> & "c"', ready: false, owner: { id: '2' }, usages: ['vm', 'display'] }
  const gadget = toJson(gadgetType, value, {
    href: '/gadgets/1',
    links: { parts: '/gadgets/1/parts' },
    actions: { start: '/gadgets/1/start' },
  })

  test('ids and links are attributes, lists repeat their element', () => {
    assert.equal(
      inner(toXml('gadget', gadget)),
      '<gadget href="/gadgets/1" id="1"><name>a &lt;b&gt; &amp; &quot;c&quot;</name><ready>false</ready>' +
        '<owner id="2"/><usages><usage>vm</usage><usage>display</usage></usages>' +
        '<link rel="parts" href="/gadgets/1/parts"/><actions><link rel="start" href="/gadgets/1/start"/></actions></gadget>',
    )
  })

  test('a collection has its items, or nothing', () => {
    assert.equal(inner(toXml('gadgets', toJsonCollection(gadgetType, []))), '<gadgets/>')
    assert.match(
      toXml('gadgets', toJsonCollection(gadgetType, [gadget, gadget])),
      /<gadgets><gadget .*<\/gadget><gadget /,
    )
  })

  test('what XML cannot say is left out, and the rest comes back as it was', () => {
    const name = 'tab\t newline\n return\r bell\u0007 half \ud800 smile 😀 ]]>'
    const { name: back } = read(toXml('gadget', { name }))
    assert.equal(back, 'tab\t newline\n return\r bell half \ufffd smile 😀 ]]>')
  })
})

describe('what is sent', () => {
  test('is read as the same in JSON', () => {
    const xml = `<?xml version="1.0" encoding="UTF-8"?>
      <gadget id="7">
        <!-- by hand -->
        <name><![CDATA[a & b]]></name> <ready>TRUE</ready> <size>12</size>
        <owner id="3"/>
        <usages><usage>vm</usage></usages>
        <properties><property><name>a</name><value/></property><property><name>b</name><value>c</value></property></properties>
        <unknown><deep/></unknown>
      </gadget>`
    assert.deepEqual(read(xml), {
      id: '7',
      name: 'a & b',
      ready: true,
      size: 12,
      owner: { id: '3' },
      usages: ['vm'],
      properties: [
        { name: 'a', value: '' },
        { name: 'b', value: 'c' },
      ],
    })
  })

  test('an empty element is an empty text, an empty structure or an empty list', () => {
    assert.deepEqual(read('<gadget><name/><owner/><usages/></gadget>'), { name: '', owner: {}, usages: [] })
    assert.deepEqual(read('<gadget/>'), {})
  })

  test('names that every object has are names like others', () => {
    assert.deepEqual(read('<gadget><__proto__><size>1</size></__proto__><constructor/><name>n</name></gadget>'), {
      name: 'n',
    })
  })

  const bomb = `<!DOCTYPE g [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><gadget><name>&b;</name></gadget>`
  const refused: [what: string, xml: string][] = [
    ['nothing', ''],
    ['no XML', 'name=x'],
    ['JSON', '{"name": "x"}'],
    ['an element that does not end', '<gadget><name>x</gadget>'],
    ['two roots', '<gadget/><gadget/>'],
    ['an entity that nobody knows', '<gadget><name>&secret;</name></gadget>'],
    ['a document type', '<!DOCTYPE gadget SYSTEM "file:///etc/passwd"><gadget/>'],
    ['a bomb of entities', bomb],
    ['elements in elements in elements', '<a>'.repeat(50_000) + '</a>'.repeat(50_000)],
  ]
  for (const [what, xml] of refused)
    test(`${what} is refused`, () => {
      assert.throws(() => fromXml(xml), InvalidXml)
    })
})

test('XML of very many tags is refused before it is parsed', () => {
  const many = (items: number) => `<a>${'<b/>'.repeat(items)}</a>`
  assert.equal((fromXml(many(4_998)) as { b: string[] }).b.length, 4_998)
  assert.throws(() => fromXml(many(4_999)), { message: 'it has more than 5000 tags' })
})
