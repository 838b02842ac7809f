// Texts of errors with places to fill in, `Network {id} could not be found.`: what they need is read off the text itself.

type Placeholder<Text extends string> = Text extends `${string}{${infer Name}}${infer Rest}`
  ? Name | Placeholder<Rest>
  : never

/** The arguments that a text asks for: an object with its names, or nothing. */
export type DetailsOf<Text extends string> = [Placeholder<Text>] extends [never]
  ? []
  : [{ readonly [Name in Placeholder<Text>]: string | number }]

export function fillIn(text: string, details: Readonly<Record<string, string | number>> = {}): string {
  return text.replace(/\{(\w+)\}/g, (placeholder, name: string) => String(details[name] ?? placeholder))
}
