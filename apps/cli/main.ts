#!/usr/bin/env node
// `patchbay <noun> <verb>`: the one command of Patchbay.
import { createProgram } from './program.ts'

await createProgram().parseAsync()
