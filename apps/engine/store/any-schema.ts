/** Tables are found by name; the type of their rows is the business of table.ts. */
export type AnySchema = Record<string, Record<string, unknown>>
