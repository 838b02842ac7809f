export const text = {
  about: 'Networks of external providers, for virtual machines.',
  user: 'User name',
  userNeeded: 'Type your user name first.',
  password: 'Password',
  logIn: 'Log in',
  logOut: 'Log out',
  refused: 'You are not logged in',
  ended: 'Your session has ended',
  endedWhy: 'Log in again to go on. What you typed is still there.',
  unreachable: 'The engine cannot be reached',
} as const
