// Why a check does not apply, as the report of the tests says it.
export const connectsNothing = 'the driver connects nothing: its bed cannot tell whether frames go'
export const oneHost = 'the bed has one host'
export const asksNoProvider = 'the driver asks no provider'
export const cannotBeKilled = "the driver runs in the tests' own process"
export const keepsNoState = 'the driver keeps no state'
export const saysNoId = 'the driver says no id of the host'
export const saysNoFeatures = 'the driver does not say what it can do'
export const withoutVerb = (verb: string) => `the driver has no ${verb}`
export const isModule = 'the driver is a module, not an executable'
