export const text = {
  title: 'Jobs',
  searchHint: 'Words, or a query: status=failed',
  description: 'What',
  state: 'State',
  progress: 'Progress',
  progressOf: (what: string) => `Progress of ${what}`,
  step: (what: string, percent?: number) => (percent === undefined ? what : `${what}, ${percent}%`),
  started: 'Started',
  ended: 'Ended',
  who: 'Who',
  empty: 'No job',
  emptyWhy: 'What the engine works on, such as a migration, is shown here with its steps.',
} as const
