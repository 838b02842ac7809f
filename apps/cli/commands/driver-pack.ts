// `patchbay driver pack|show`: driver packages, which an engine installs on its hosts.
import { createPrivateKey, type KeyObject } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { openPackage, parseSigners } from '@patchbay/vif-driver/package-file/open-package.ts'
import { packDriver } from '@patchbay/vif-driver/package-file/pack-driver.ts'
import type { Command } from 'commander'
import { orRefuse } from './or-refuse.ts'

export function registerDriverPack(program: Command): void {
  const driver = program.commands.find((command) => command.name() === 'driver') ?? program.command('driver')
  const packing = driver
    .command('pack')
    .description('make a signed package of a VIF driver that is an executable')
    .argument('<folder>', "the driver's, with its driver.json")
    .requiredOption('--key <file>', 'private key of the publisher, PEM: openssl genpkey -algorithm ed25519')
    .option('-o, --output <file>', 'where to write it (default: NAME-VERSION.driver)')
  packing.action((folder: string, { key, output }: { key: string; output?: string }) =>
    orRefuse(packing, async () => {
      const { bytes, manifest } = await packDriver(folder, privateKeyOf(key))
      const file = output ?? `${manifest.name}-${manifest.version}.driver`
      writeFileSync(file, bytes)
      console.log(`${file}: ${manifest.name} ${manifest.version}, ${bytes.length} bytes`)
    }),
  )
  const showing = driver
    .command('show')
    .description('check the signature of a driver package, and show what is in it')
    .argument('<file>', 'the package')
    .requiredOption('--signers <file>', 'public keys of the publishers that are trusted, PEM: openssl pkey -pubout')
  showing.action((file: string, { signers }: { signers: string }) =>
    orRefuse(showing, async () => {
      const trusted = parseSigners(readFileSync(signers, 'utf8'))
      const { manifest, digest, signer, files } = await openPackage(readFileSync(file), trusted)
      console.log(`${manifest.name} ${manifest.version}, for ${manifest.pluginTypes.join(', ')}`)
      console.log(`digest ${digest}\nsigned by ${signer}`)
      for (const { path, content } of files) console.log(`${String(content.length).padStart(10)} ${path}`)
    }),
  )
}

function privateKeyOf(file: string): KeyObject {
  const pem = readFileSync(file)
  try {
    return createPrivateKey(pem)
  } catch {
    throw new Error(`${file} has no private key in PEM without a passphrase: openssl genpkey -algorithm ed25519`)
  }
}
