// The one directory of users that the engine has, and its one group, with oVirt's names.

/** What users log in with, behind the "@": `alice@internal`. */
export const profile = 'internal'
/** What they are listed with: `alice@internal-authz`. */
export const domain = 'internal-authz'

/** As in every installation of oVirt: all users are in it. */
export const everyone = {
  id: 'eee00000-0000-0000-0000-123456789eee',
  name: 'Everyone',
} as const

/** How oVirt writes the ids of directories and of what is in them. */
export const encodedId = (name: string) => Buffer.from(name).toString('hex').toUpperCase()

export const loginNameOf = ({ principal }: { readonly principal: string }) => `${principal}@${profile}`
/** What a user who logs in with this name is listed with; the administrator may be of another directory. */
export function listedNameOf(loginName: string): string {
  const principal = principalIn(loginName)
  return principal === undefined ? loginName : userNameOf(principal)
}

export const userNameOf = (principal: string) => `${principal}@${domain}`

/** From `alice`, `alice@internal` and `alice@internal-authz`; undefined for a name of another directory. */
export function principalIn(name: string): string | undefined {
  const at = name.lastIndexOf('@')
  if (at < 0) return name
  return [profile, domain].includes(name.slice(at + 1)) ? name.slice(0, at) : undefined
}
