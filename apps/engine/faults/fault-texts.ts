// A part of the registry of refusals.

/** oVirt's message key → HTTP status, and the text with `{placeholders}`. */
export type FaultTexts = Readonly<Record<string, { readonly status: number; readonly text: string }>>
