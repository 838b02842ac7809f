#!/usr/bin/env node
// `patchbay engine backup [options] FILE` and `patchbay engine restore [options] FILE`.
import { readFileSync } from 'node:fs'
import { ConfigurationError, optionHelp, readOptions } from '@patchbay/service/options.ts'
import { dataDirOf, engineOptions } from '../config.ts'
import { backUp } from './back-up.ts'
import { readBackup } from './backup-file.ts'
import { sealFiles, unsealFiles } from './data-files.ts'
import { restore } from './restore.ts'

const options = {
  ...engineOptions,
  'passphrase-file': {
    type: 'text',
    help: 'file with a passphrase: the secret key, the CA and imported certificates are in the backup too, encrypted with it',
  },
  replace: { type: 'switch', help: 'what is in the database is removed first' },
} as const

const [verb, ...argv] = process.argv.slice(2)
const names = [
  'database',
  'data-dir',
  'passphrase-file',
  ...(verb === 'restore' ? (['replace'] as const) : []),
] as const
const shown = names.map((name) => [name, options[name]])
const file = argv.at(-1)
if (argv.includes('--help') || file === undefined || file.startsWith('--')) {
  const about = 'FILE is one file, whatever the database. A backup may be made while an engine is at work.'
  console.log(
    `${about}\n\nUsage: patchbay engine ${verb} [options] FILE\n\n${optionHelp('engine', Object.fromEntries(shown))}`,
  )
  process.exit(argv.includes('--help') ? 0 : 2)
}
try {
  await act(readOptions('engine', options, argv.slice(0, -1), process.env), file)
} catch (error) {
  const isWrong = error instanceof ConfigurationError
  process.stderr.write(`patchbay engine ${verb}: ${isWrong ? error.message : (error as Error).stack}\n`)
  process.exit(isWrong ? 2 : 1)
}

async function act(values: ReturnType<typeof readOptions<typeof options>>, file: string): Promise<void> {
  const { database } = values
  const mistakes: string[] = []
  const dataDir = values['data-dir'] ?? dataDirOf(database, mistakes)
  if (mistakes.length > 0) throw new ConfigurationError(mistakes.join('\n'))
  const passphrase = values['passphrase-file'] && passphraseIn(values['passphrase-file'])
  if (verb === 'backup') {
    const rows = await backUp(database, file, passphrase ? sealFiles(dataDir, passphrase) : undefined)
    const without = passphrase ? '' : `; not in it: secret.key, the CA and imported certificates in ${dataDir}`
    return console.log(`${rows} rows are in ${file}${without}`)
  }
  const { head } = await readBackup(file)
  const names = head.files && passphrase ? unsealFiles(head.files, passphrase, dataDir) : []
  const rows = await restore(database, file, values.replace)
  console.log(`${rows} rows of ${head.at} are restored${names.map((name) => `, ${name}`).join('')}`)
}

function passphraseIn(path: string): string {
  const text = readFileSync(path, 'utf8').replace(/\r?\n$/, '')
  if (text === '') throw new ConfigurationError(`--passphrase-file: ${path} is empty`)
  return text
}
