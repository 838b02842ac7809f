export const text = {
  networks: 'Networks',
  general: 'General',
  name: 'Name',
  description: 'Description',
  network: 'Network',
  publicUse: 'Everybody may use it',
  passThrough: 'Pass-through',
} as const
