// Where an OVSDB server listens, as Open vSwitch writes it (ovsdb(7), "Active Database Connection Methods").

export type Remote = { readonly name: string } & (
  | { readonly kind: 'tcp' | 'ssl'; readonly host: string; readonly port: number }
  | { readonly kind: 'unix'; readonly path: string }
)

/** IANA's port for OVSDB; OVN northbound listens on 6641. */
const defaultPort = 6640

/** `tcp:HOST[:PORT]`, `ssl:HOST[:PORT]` (IPv6 addresses in brackets), `unix:PATH`. Throws a TypeError. */
export function parseRemote(name: string): Remote {
  const [, kind, rest] = /^(tcp|ssl|unix):(.+)$/.exec(name) ?? []
  if (kind === 'unix' && rest) return { name, kind, path: rest }
  const [, bracketed, plain, digits] = /^(?:\[([0-9a-fA-F:.%\w]+)\]|([^:[\]]+))(?::(\d{1,5}))?$/.exec(rest ?? '') ?? []
  const host = bracketed ?? plain
  const port = digits === undefined ? defaultPort : Number(digits)
  if (!kind || kind === 'unix' || !host || port < 1 || port > 65535)
    throw new TypeError(`Not a remote: ${JSON.stringify(name)}. Write tcp:HOST:PORT, ssl:HOST:PORT or unix:PATH.`)
  return { name, kind: kind === 'ssl' ? 'ssl' : 'tcp', host, port }
}
