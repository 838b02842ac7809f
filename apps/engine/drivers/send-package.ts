// A driver package on its way to a host: in parts, from where the host has it.
export interface PackageToSend {
  readonly digest: string
  readonly options: Readonly<Record<string, string>>
  /** PEM. */
  readonly signers: string
  readonly bytes: () => Promise<Buffer>
}

type Ask = (method: string, params: object) => Promise<unknown>

const partBytes = 512 * 1024
/** More than any package has, with parts that came twice: a host that never has enough is not fed for ever. */
const mostParts = 1_000

/** Resolves when the host uses the driver. `progress` is told percents. What the host has already is not sent. */
export async function sendPackage(ask: Ask, wanted: PackageToSend, progress: (percent: number) => void): Promise<void> {
  const { digest, options, signers } = wanted
  const install = () => ask('Host.installDriverPackage', { digest, options, signers }) as Promise<Installation>
  const first = await install()
  if (first.installed) return
  const bytes = await wanted.bytes()
  let { arrived = 0 } = first
  for (let part = 0; arrived < bytes.length; part++) {
    if (part === mostParts) throw new Error('the host does not keep the parts of the package')
    const data = bytes.subarray(arrived, arrived + partBytes).toString('base64')
    const answer = (await ask('Host.receiveDriverPackage', { digest, offset: arrived, data })) as { arrived: number }
    arrived = answer.arrived
    progress(Math.floor((arrived / bytes.length) * 100))
  }
  const last = await install()
  if (!last.installed) throw new Error(`the package did not arrive whole: the host has ${last.arrived} bytes of it`)
}

interface Installation {
  readonly installed: boolean
  readonly arrived?: number
}
