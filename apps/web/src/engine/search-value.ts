// Values in searches that pages make themselves.
/** A name as a value in the engine's search language, which has no way to write a quote within quotes: `*` stands for it. */
export const searchValue = (name: string) => `"${name.replaceAll('"', '*')}"`

/** `?search=` as a query string. */
export const searchFor = (search: string) => new URLSearchParams({ search }).toString()
