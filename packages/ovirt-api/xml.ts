// oVirt's XML. It is the tree of oVirt's JSON, written otherwise: `id`, `href` and `rel` are attributes, an array is its
// element repeated.
import { DOMParser, type Element, type Node } from '@xmldom/xmldom'

/** A document is no XML, or XML of a kind that is not taken. */
export class InvalidXml extends Error {
  override readonly name = 'InvalidXml'
}

const attributes = new Set(['id', 'href', 'rel'])
/** Deeper than any type of the API; what goes deeper is not meant to be read. */
const mostDepth = 24
/** Starts and ends together; the parser takes more than proportionally long for many. */
const mostTags = 5_000

/** `body`: as it would be sent in JSON. */
export function toXml(root: string, body: object): string {
  return `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n${element(root, body)}\n`
}

function element(name: string, value: unknown): string {
  if (Array.isArray(value)) return value.map((item) => element(name, item)).join('')
  if (typeof value !== 'object' || value === null) return `<${name}>${escaped(value)}</${name}>`
  let start = `<${name}`
  let content = ''
  for (const [key, child] of Object.entries(value)) {
    if (child === undefined || child === null) continue
    if (attributes.has(key)) start += ` ${key}="${escaped(child)}"`
    else content += element(key, child)
  }
  return content === '' ? `${start}/>` : `${start}>${content}</${name}>`
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\r': '&#13;',
}

/** What XML 1.0 has no way to say is left out. */
const escaped = (value: unknown) =>
  String(value)
    .toWellFormed()
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
    .replaceAll(/[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/g, '')
    .replaceAll(/[&<>"\r]/g, (character) => entities[character]!)

/** The content of the root element, whatever its name, as it would come in JSON. Throws InvalidXml. */
export function fromXml(text: string): unknown {
  // Nobody needs a document type here, and it is where XML's bombs and its ways to other files begin.
  if (/<!DOCTYPE/i.test(text)) throw new InvalidXml('a document type is not allowed')
  if (text.split('<', mostTags + 2).length > mostTags + 1) throw new InvalidXml(`it has more than ${mostTags} tags`)
  const root = parsed(text).documentElement
  if (!root) throw new InvalidXml('there is no element in it')
  return content(root, 0)
}

function parsed(text: string) {
  let mistake: string | undefined
  const onError = (level: string, message: string) => {
    if (level !== 'warning') mistake ??= message
  }
  try {
    const document = new DOMParser({ onError }).parseFromString(text, 'text/xml')
    if (mistake === undefined) return document
  } catch (error) {
    mistake ??= (error as Error).message
  }
  throw new InvalidXml(mistake)
}

/** Text where there are neither children nor attributes; else an object without a prototype. */
function content(parent: Element, depth: number): unknown {
  if (depth > mostDepth) throw new InvalidXml(`it is nested deeper than ${mostDepth} elements`)
  const children = Array.from(parent.childNodes as Iterable<Node>).filter(isElement)
  if (children.length === 0 && parent.attributes.length === 0) return parent.textContent ?? ''
  const values: Record<string, unknown> = Object.create(null)
  for (const { name, value } of Array.from(parent.attributes)) values[name] = value
  for (const child of children) {
    add(values, child.tagName, content(child, depth + 1))
  }
  return values
}

/** What comes again becomes an array. */
function add(values: Record<string, unknown>, name: string, value: unknown): void {
  const before = values[name]
  if (Array.isArray(before)) before.push(value)
  else values[name] = before === undefined ? value : [before, value]
}

const isElement = (node: Node): node is Element => node.nodeType === 1
