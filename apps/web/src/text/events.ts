export const text = {
  title: 'Events',
  severity: 'Severity',
  time: 'Time',
  description: 'What happened',
  correlationId: 'Correlation id',
  searchHint: 'Words, or a query: severity=error',
  empty: 'Nothing has happened yet',
  emptyWhy: 'What is done with providers, networks and virtual machines is told here.',
} as const
