export const text = {
  title: 'Data centers',
  name: 'Name',
  nameNeeded: 'A name is needed',
  description: 'Description',
  comment: 'Comment',
  add: 'Add data center',
  edit: 'Edit data center',
  remove: 'Remove data center',
  removeQuestion:
    'Its networks and their vNIC profiles go with it; what external networks have on their provider stays there:',
  empty: 'No data center yet',
  emptyWhy: 'Networks and clusters belong to a data center: it is where everything begins.',
} as const
