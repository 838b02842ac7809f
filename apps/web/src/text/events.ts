export const text = {
  title: 'Events',
  severity: 'Severity',
  time: 'Time',
  description: 'What happened',
  about: 'About',
  correlationId: 'Correlation id',
  searchHint: 'Words, or a query: severity=error and vm.name=web*',
  empty: 'Nothing has happened yet',
  emptyWhy: 'What is done with providers, networks and virtual machines is told here.',
} as const
