// Users, roles and permissions.
import type { FaultTexts } from './fault-texts.ts'

export const accessFaults = {
  USER_NOT_AUTHORIZED_TO_PERFORM_ACTION: { status: 403, text: 'User is not authorized to perform this action.' },
  USER_MUST_EXIST_IN_DIRECTORY: { status: 400, text: 'Cannot {action}. User must exist in Directory.' },
  USER_CANNOT_REMOVE_ADMIN_USER: { status: 409, text: 'Cannot remove internal admin user or its permissions.' },
  USER_CANNOT_REMOVE_HIMSELF: { status: 409, text: 'Cannot {action}. User is currently logged in.' },
  ACTION_TYPE_FAILED_ROLE_IS_READ_ONLY: { status: 409, text: 'Cannot {action}. The Role is Read-Only.' },
  CANNOT_ADD_ACTION_GROUPS_TO_ROLE_TYPE: {
    status: 409,
    text: "Cannot add administrator's action group to a User Role.",
  },
  ERROR_CANNOT_ATTACH_ACTION_GROUP_TO_ROLE_ATTACHED: {
    status: 409,
    text: 'Cannot attach action group to Role. This action group is already attached to Role.',
  },
  ERROR_CANNOT_UPDATE_ROLE_TYPE: { status: 409, text: 'Cannot {action}. Changing Role type is not allowed.' },
  ERROR_CANNOT_REMOVE_ROLE_ATTACHED_TO_PERMISSION: {
    status: 409,
    text: 'One or more Permissions is still associated with Role.\n- Please remove all Permissions first.',
  },
  PERMISSION_ADD_FAILED_ONLY_SYSTEM_SUPER_USER_CAN_GIVE_ADMIN_ROLES: {
    status: 403,
    text: 'Cannot add permission, only system super user can give permissions with admin Role',
  },
  PERMISSION_REMOVE_FAILED_ONLY_SYSTEM_SUPER_USER_CAN_REMOVE_ADMIN_ROLES: {
    status: 403,
    text: 'Cannot remove permission, only system super user can remove permissions with admin Role',
  },
  INHERITED_PERMISSION_CANT_BE_REMOVED: { status: 409, text: 'Cannot remove inherited permission' },
} as const satisfies FaultTexts
