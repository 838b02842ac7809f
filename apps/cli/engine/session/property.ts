// Custom properties as flags give them, and as tables show them.

/** `NAME=VALUE`. */
export function asProperty(text: string): { name: string; value: string } {
  const [, name, value] = /^([^=]+)=(.*)$/s.exec(text) ?? []
  if (name === undefined) throw new Error(`"${text}" is no property: NAME=VALUE was expected`)
  return { name, value: value! }
}

/** Of a flag that may be repeated: `--no-property` gives false, for none. */
export function propertiesOf(
  flag: readonly string[] | false | undefined,
): { name: string; value: string }[] | undefined {
  if (flag === undefined) return undefined
  return flag === false ? [] : flag.map(asProperty)
}

export const propertiesIn = (all: readonly { name: string; value: string }[] = []) =>
  all.map(({ name, value }) => `${name}=${value}`).join(' ')
