// Custom properties as flags give them, and as tables show them.

/** `NAME=VALUE`. */
export function asProperty(text: string): { name: string; value: string } {
  const [, name, value] = /^([^=]+)=(.*)$/s.exec(text) ?? []
  if (name === undefined) throw new Error(`"${text}" is no property: NAME=VALUE was expected`)
  return { name, value: value! }
}

export const propertiesIn = (all: readonly { name: string; value: string }[] = []) =>
  all.map(({ name, value }) => `${name}=${value}`).join(' ')
