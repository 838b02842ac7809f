// Properties as one types them: `name=value` on each line.

export interface Property {
  readonly name: string
  readonly value: string
}

/** Undefined when a line is something else. */
export function propertiesIn(lines: string): readonly Property[] | undefined {
  const found = lines.split('\n').filter((line) => line.trim() !== '')
  const properties = found.map((line) => /^\s*([\w.-]+)\s*=\s*(.*?)\s*$/.exec(line))
  if (properties.some((each) => each === null)) return undefined
  return properties.map((each) => ({ name: each![1]!, value: each![2]! }))
}

export const propertyLines = (properties: readonly Partial<Property>[]): string =>
  properties.map(({ name = '', value = '' }) => `${name}=${value}`).join('\n')
