// Opens a driver package that somebody brought: nothing of it is used unless a publisher who is trusted signed all of it.
import { createHash, createPublicKey, type KeyObject, verify } from 'node:crypto'
import type { DriverManifest } from '../contract.ts'
import { manifestFile, parseManifest } from '../exec/driver-package.ts'
import { type ArchivedFile, readArchive } from './archive.ts'
import { checkFiles, contentsFile, driverFolder, parseContents, sha256, signatureFile } from './contents.ts'

export interface OpenedPackage {
  readonly manifest: DriverManifest
  /** SHA-256 of the package, hex. */
  readonly digest: string
  /** Fingerprint of the key that signed it. */
  readonly signer: string
  /** Of the driver's folder. */
  readonly files: readonly ArchivedFile[]
}

/** Throws an Error that says why the package is refused. `signers`: public keys of the publishers that are trusted. */
export async function openPackage(bytes: Buffer, signers: readonly KeyObject[]): Promise<OpenedPackage> {
  const [contents, signature, ...rest] = await readArchive(bytes)
  if (contents?.path !== contentsFile || signature?.path !== signatureFile)
    throw new Error(`it must begin with ${contentsFile} and ${signatureFile}: was it made by "patchbay driver pack"?`)
  const signer = signers.find((key) => verify(null, contents.content, key, signature.content))
  if (!signer) throw new Error('no publisher that is trusted here has signed it')
  const files = rest.map((file) => ({ ...file, path: belowDriverFolder(file.path) }))
  checkFiles(parseContents(contents.content.toString()), files)
  const described = files.find(({ path }) => path === manifestFile)?.content.toString() ?? ''
  const { manifest } = parseManifest(described, manifestFile)
  return { manifest, digest: sha256(bytes), signer: fingerprint(signer), files }
}

function belowDriverFolder(path: string): string {
  if (!path.startsWith(driverFolder)) throw new Error(`${path} does not belong into a driver package`)
  return path.slice(driverFolder.length)
}

/** The keys of a PEM text with any number of public keys. Throws an Error when one is none, or is not Ed25519. */
export function parseSigners(pem: string): KeyObject[] {
  const keys = (pem.match(/-----BEGIN PUBLIC KEY-----[^-]*-----END PUBLIC KEY-----/g) ?? []).map((text) =>
    createPublicKey(text),
  )
  if (keys.length === 0) throw new Error('there is no PUBLIC KEY in it')
  for (const { asymmetricKeyType } of keys)
    if (asymmetricKeyType !== 'ed25519') throw new Error(`a key is ${asymmetricKeyType}, not ed25519`)
  return keys
}

/** `SHA256:…`, of the key as SPKI in DER: `openssl pkey -pubin -outform DER | sha256sum`. */
export const fingerprint = (key: KeyObject) =>
  `SHA256:${createHash('sha256')
    .update(key.export({ type: 'spki', format: 'der' }))
    .digest('hex')}`
