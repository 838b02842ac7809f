// `node generate-types.ts SCHEMA.ovsschema FILE.ts`: writes the row types of a schema.
import { readFileSync, writeFileSync } from 'node:fs'
import { parseSchema } from './database-schema.ts'
import { renderTypes } from './render-types.ts'

const [schemaFile, typesFile] = process.argv.slice(2)
if (!schemaFile || !typesFile) {
  console.error('usage: node generate-types.ts SCHEMA.ovsschema FILE.ts')
  process.exit(2)
}
const schema = parseSchema(JSON.parse(readFileSync(schemaFile, 'utf8')))
writeFileSync(typesFile, renderTypes(schema, '../schema/database-description.ts'))
