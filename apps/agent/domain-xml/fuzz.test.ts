// XML that nearly is a domain or a hot plug, and XML that is meant to hurt: seeded, so that each run reads the same.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { SeededRandom } from '@patchbay/ovsdb/testing/random.ts'
import { mutated } from '@patchbay/vdsm-rpc/testing/mutations.ts'
import { domainXml, hotplugDiskXml, hotplugXml, testNic, testVm } from '../testing/vm-xml.ts'
import { readDomain, readHotplug, withInterfaces, withNicMetadata } from './domain.ts'
import { readDevice } from './hardware.ts'

const domain = domainXml(testVm(1, 2, { custom: { sndbuf: '100' } }))
const hotplug = hotplugXml(testNic(1, 5))
const words = [
  ...['<', '>', '</', '/>', '"', "'", '&', '&lt;', '&#0;', '&#x110000;', '&nothing;', ']]>', '<![CDATA[', '<!--', '\0'],
  ...[
    '<?xml version="1.1" encoding="ebcdic"?>',
    '<!DOCTYPE domain>',
    'xmlns="x"',
    'xmlns:a=""',
    '<devices>',
    '\u{d800}',
  ],
  ...['<interface>', '</interface>', '<mac address=""/>', '<uuid>', '<metadata/>', ' __proto__="x"', '<a:b/>'],
]

/** A plain Error with a text is what the verbs turn into VDSM's; anything else is a mistake. */
function readsOrSays<Read>(xml: string, read: (xml: string) => Read): Read | undefined {
  try {
    return read(xml)
  } catch (error) {
    assert.equal(Object.getPrototypeOf(error), Error.prototype, `${(error as Error).stack}\nof ${xml.slice(0, 2000)}`)
    assert.ok((error as Error).message.length > 5 && (error as Error).message.length < 1000)
    return undefined
  }
}

test('a spoilt domain is read, and can be changed like any other, or is refused with a reason', () => {
  const random = new SeededRandom(4)
  let read = 0
  for (let n = 0; n < 600; n++) {
    const xml = mutated(random, Buffer.from(domain), words).toString()
    const facts = readsOrSays(xml, readDomain)
    if (!facts) continue
    read++
    const [nic] = facts.nics
    const written = withInterfaces(
      xml,
      facts.nics.map((each) => each.xml),
    )
    assert.deepEqual(
      readDomain(written).nics.map(({ mac }) => mac),
      facts.nics.map(({ mac }) => mac),
    )
    if (nic) readDomain(withNicMetadata(written, nic.mac, nic))
  }
  assert.ok(read > 20 && read < 550, `${read} were read`)
})

test('a spoilt hot plug is read or refused with a reason', () => {
  const random = new SeededRandom(5)
  const disk = hotplugDiskXml({ target: 'vdb', alias: 'ua-b', file: '/b' })
  for (let n = 0; n < 1000; n++) readsOrSays(mutated(random, Buffer.from(hotplug), words).toString(), readHotplug)
  for (let n = 0; n < 500; n++)
    readsOrSays(mutated(random, Buffer.from(disk), words).toString(), (xml) => readDevice(xml, 'disk'))
})

const entities = Array.from({ length: 20 }, (_, n) => `<!ENTITY e${n + 1} "${`&e${n};`.repeat(10)}">`).join('')
for (const [what, xml] of [
  ['entities that multiply', `<!DOCTYPE domain [<!ENTITY e0 "x">${entities}]><domain>&e20;</domain>`],
  ['entities that are files', '<!DOCTYPE domain [<!ENTITY e SYSTEM "file:///etc/passwd">]><domain>&e;</domain>'],
  ['a document type elsewhere', '<!DOCTYPE domain SYSTEM "http://192.0.2.1/x.dtd"><domain/>'],
  ['elements too deep for a stack', `${'<a>'.repeat(170_000)}`],
  ['elements too deep, and well-formed', `${'<a>'.repeat(140_000)}${'</a>'.repeat(140_000)}`],
  ['a domain with much in it', domain.replace('<video/>', `<video>${'<a/>'.repeat(300_000)}</video>`)],
  ['more than a domain can be', domain.replace('<video/>', `<video>${'x'.repeat(2_000_000)}</video>`)],
  ['attributes without end', `<domain ${Array.from({ length: 60_000 }, (_, n) => `a${n}="1"`).join(' ')}/>`],
  ['nothing', ''],
  ['what is no text', '\0'.repeat(1000)],
] as const) {
  test(`${what}: refused with a reason, in bounded time and memory`, { timeout: 20_000 }, () => {
    const before = process.memoryUsage().heapUsed
    assert.equal(readsOrSays(xml, readDomain), undefined)
    assert.equal(readsOrSays(xml, readHotplug), undefined)
    assert.equal(
      readsOrSays(xml, (each) => readDevice(each, 'disk')),
      undefined,
    )
    assert.ok(process.memoryUsage().heapUsed - before < 200e6)
  })
}
