#!/usr/bin/env node
// `patchbay agent enrol`: gets this host a certificate from the engine's CA, for `agent serve --pki-dir`.
import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { enrol } from './enrol.ts'

const help = `Gets this host a certificate from the engine's own CA.

Usage: patchbay agent enrol --engine URL --token-file FILE --ca-fingerprint SHA256 [--pki-dir DIR]

  --engine URL             https://engine:8080
  --token-file FILE        file with the one-time token; - for standard input
  --ca-fingerprint SHA256  of the CA's certificate, as the engine told it with the token
  --pki-dir DIR            where key and certificate go (default: /var/lib/patchbay/agent/pki)

It may be repeated when the answer was lost. Exit code: 0 enrolled, 1 refused or failed, 2 wrong options.
`

const options = {
  engine: { type: 'string' },
  'token-file': { type: 'string' },
  'ca-fingerprint': { type: 'string' },
  'pki-dir': { type: 'string', default: '/var/lib/patchbay/agent/pki' },
  help: { type: 'boolean', short: 'h' },
} as const

class WrongOptions extends Error {}

async function main(): Promise<void> {
  const values = parsed()
  if (values.help) return void process.stdout.write(help)
  const { engine, 'token-file': file, 'ca-fingerprint': caFingerprint, 'pki-dir': dir } = values
  if (engine === undefined || file === undefined || caFingerprint === undefined)
    throw new WrongOptions('--engine, --token-file and --ca-fingerprint are needed')
  if (!URL.canParse(engine)) throw new WrongOptions(`--engine: "${engine}" is not a URL`)
  const token = readFileSync(file === '-' ? 0 : file, 'utf8').trim()
  await enrol({ engine: new URL(engine), token, caFingerprint, dir })
  process.stdout.write(`Enrolled: ${dir}\n`)
}

function parsed() {
  try {
    return parseArgs({ options }).values
  } catch (error) {
    throw new WrongOptions((error as Error).message)
  }
}

try {
  await main()
} catch (error) {
  process.stderr.write(`patchbay agent enrol: ${(error as Error).message}\n`)
  process.exitCode = error instanceof WrongOptions ? 2 : 1
}
