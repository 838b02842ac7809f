// A service for tests of its log: each line of its input is logged so many times, then it says that on its error output.
import { createInterface } from 'node:readline'
import { run } from '../run.ts'

await run({
  name: 'talkative',
  about: 'Logs what it is told.',
  options: {},
  toConfig: () => undefined,
  async start(_config, logger) {
    const lines = createInterface(process.stdin)
    lines.on('line', (line) => {
      const [text, times] = line.split(' ')
      for (let count = 0; count < Number(times); count++) logger.info(text)
      process.stderr.write(`${text}\n`)
    })
    return { [Symbol.asyncDispose]: async () => lines.close() }
  },
})
