// What can be wrong with any request.
import type { FaultTexts } from './fault-texts.ts'

export const requestFaults = {
  INCOMPLETE_PARAMETERS: { status: 400, text: '{what} required for {action}' },
  INVALID_VALUE: { status: 400, text: '{reason}' },
  NOT_FOUND: { status: 404, text: '{what} {id} does not exist.' },
  AMBIGUOUS_NAME: { status: 400, text: 'There are several {what}s with the name {name}: say which by its id.' },
  UNAUTHORIZED: {
    status: 401,
    text: 'A token (Bearer) or user name and password (Basic) are required, or they are wrong.',
  },
  /** Of the portal's log-in. */
  LOGIN_REFUSED: { status: 401, text: '{reason}' },
  UNSUPPORTED: { status: 400, text: '{what} is not supported.' },
  IMMUTABLE_ID: { status: 409, text: 'The id {id} cannot be changed.' },
  INVALID_SEARCH: { status: 400, text: 'The search "{search}" is not valid: {reason}.' },
  INVALID_SEARCH_FIELD: { status: 400, text: 'Nothing can be searched by "{field}" here.' },
  INVALID_SEARCH_VALUE: { status: 400, text: 'The value "{value}" is not one of those that "{field}" has.' },
  RELATED_OPERATION: {
    status: 409,
    text: 'Cannot {action}. Related operation ({kind}) is currently in progress. Please try again later.',
  },
  VALIDATION_NAME_INVALID: {
    status: 400,
    text: 'The name "{name}" is invalid: it must be 1 to {max} of {characters}.',
  },
  ACTION_TYPE_FAILED_NAME_ALREADY_USED: {
    status: 409,
    text: 'Cannot {action}. The name {name} is already used. Please choose a different name.',
  },
  /** Not of oVirt, which says that there was an internal error. */
  DATABASE_DISK_FULL: {
    status: 507,
    text: 'The engine cannot write to its database: the disk is full. What was begun is finished or undone once there is space.',
  },
  ACTION_TYPE_FAILED_IN_USE: { status: 409, text: 'Cannot {action}. It is used by: {users}.' },
} as const satisfies FaultTexts
