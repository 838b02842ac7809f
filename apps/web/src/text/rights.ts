export const text = {
  notAllowed: (permit: string) => `You have no role with the permit ${permit} here. An administrator can give you one.`,
  notAllowedAnywhere: (permit: string) =>
    `You have no role with the permit ${permit}. An administrator can give you one.`,
  nothingForYou: 'Nothing that you may see',
  nothingForYouWhy:
    'You see what you have a role on, and what belongs to it. An administrator can give you one, on a data center, a cluster or a single thing.',
  forAdministrators: 'Only for administrators',
  forAdministratorsWhy: 'This page shows what belongs to the whole system. You have roles on parts of it.',
  onlySuperUser: 'Only a SuperUser of the system gives and takes roles of administrators.',
} as const
