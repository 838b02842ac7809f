// The audit log: what happened, with oVirt's codes.
import { randomUUID } from 'node:crypto'
import { actingUser } from './acting-user.ts'
import { correlationId } from './correlation.ts'
import { type EventAbout, linksTo } from './event-links.ts'
import { Fault } from './faults.ts'
import type { EventLinks, EventRow, Severity } from './store/entities/events.ts'
import type { Store, Tables } from './store/store.ts'
import type { RowQuery } from './store/table.ts'

/** oVirt's audit log names → code and severity. */
const codes = {
  USER_RUN_VM: [32, 'normal'],
  USER_STOP_VM: [33, 'normal'],
  USER_FAILED_STOP_VM: [56, 'error'],
  USER_FAILED_RUN_VM: [54, 'error'],
  USER_ADD_VM_TEMPLATE_FINISHED_SUCCESS: [51, 'normal'],
  USER_UPDATE_VM_TEMPLATE: [49, 'normal'],
  USER_REMOVE_VM_TEMPLATE: [50, 'normal'],
  USER_CREATE_SNAPSHOT_FINISHED_SUCCESS: [68, 'normal'],
  USER_FAILED_CREATE_SNAPSHOT: [117, 'error'],
  USER_REMOVE_SNAPSHOT_FINISHED_SUCCESS: [356, 'normal'],
  USER_FAILED_REMOVE_SNAPSHOT: [343, 'error'],
  USER_TRY_BACK_TO_SNAPSHOT_FINISH_SUCCESS: [71, 'normal'],
  USER_FAILED_TRY_BACK_TO_SNAPSHOT: [115, 'error'],
  USER_RESTORE_FROM_SNAPSHOT_FINISH_SUCCESS: [100, 'normal'],
  USER_FAILED_RESTORE_FROM_SNAPSHOT: [116, 'error'],
  USER_ADD_VM: [34, 'normal'],
  USER_UPDATE_VM: [35, 'normal'],
  USER_FAILED_UPDATE_VM: [58, 'error'],
  USER_REMOVE_VM_FINISHED: [113, 'normal'],
  USER_RESUME_VM: [40, 'normal'],
  USER_FAILED_RESUME_VM: [103, 'error'],
  USER_SUSPEND_VM_OK: [503, 'normal'],
  USER_FAILED_SUSPEND_VM: [502, 'error'],
  USER_STOP_SUSPENDED_VM: [111, 'normal'],
  USER_INITIATED_SHUTDOWN_VM: [73, 'normal'],
  USER_FAILED_SHUTDOWN_VM: [74, 'error'],
  USER_REBOOT_VM: [157, 'normal'],
  USER_FAILED_REBOOT_VM: [158, 'error'],
  VM_DOWN: [61, 'normal'],
  VM_DOWN_ERROR: [119, 'error'],
  VM_MIGRATION_DONE: [63, 'normal'],
  VM_MIGRATION_FAILED: [65, 'error'],
  VM_CANCEL_MIGRATION: [161, 'normal'],
  VM_CANCEL_MIGRATION_FAILED: [162, 'error'],
  VDS_MAINTENANCE: [15, 'normal'],
  VDS_MAINTENANCE_FAILED: [17, 'error'],
  VDS_ACTIVATE: [16, 'normal'],
  VDS_MANUAL_FENCE_STATUS: [494, 'normal'],
  VDS_INSTALL: [504, 'normal'],
  VDS_INSTALL_FAILED: [505, 'error'],
  USER_ADD_VDS: [42, 'normal'],
  USER_UPDATE_VDS: [43, 'normal'],
  USER_REMOVE_VDS: [44, 'normal'],
  USER_ADD_CLUSTER: [809, 'normal'],
  USER_UPDATE_CLUSTER: [811, 'normal'],
  USER_REMOVE_CLUSTER: [813, 'normal'],
  USER_ADD_STORAGE_POOL: [950, 'normal'],
  USER_UPDATE_STORAGE_POOL: [952, 'normal'],
  USER_REMOVE_STORAGE_POOL: [954, 'normal'],
  HOST_REFRESHED_CAPABILITIES: [606, 'normal'],
  HOST_REFRESH_CAPABILITIES_FAILED: [607, 'error'],
  NETWORK_COMMINT_NETWORK_CHANGES: [1104, 'normal'],
  NETWORK_COMMINT_NETWORK_CHANGES_FAILED: [1105, 'error'],
  PERSIST_SETUP_NETWORK_ON_HOST_FINISHED: [10903, 'normal'],
  PERSIST_SETUP_NETWORK_ON_HOST_FAILED: [10904, 'error'],
  HOST_SYNC_ALL_NETWORKS_FINISHED: [10901, 'normal'],
  HOST_SYNC_ALL_NETWORKS_FAILED: [10900, 'error'],
  VDS_DETECTED: [13, 'normal'],
  VDS_FAILURE: [12, 'error'],
  PROVIDER_ADDED: [205, 'normal'],
  PROVIDER_UPDATED: [207, 'normal'],
  PROVIDER_REMOVED: [209, 'normal'],
  PROVIDER_CERTIFICATE_IMPORTED: [213, 'normal'],
  PROVIDER_CERTIFICATE_IMPORT_FAILED: [214, 'error'],
  PROVIDER_SYNCHRONIZED_FAILED: [216, 'error'],
  PROVIDER_SYNCHRONIZED_PERFORMED: [217, 'normal'],
  PROVIDER_SYNCHRONIZED_PERFORMED_FAILED: [218, 'error'],
  PROVIDER_SYNCHRONIZED_DISABLED: [219, 'error'],
  PROVIDER_SYNCHRONIZATION_STARTED: [223, 'normal'],
  PROVIDER_SYNCHRONIZATION_ENDED: [224, 'normal'],
  PROVIDER_UNREACHABLE: [20010, 'error'],
  PROVIDER_REACHABLE: [20011, 'normal'],
  NETWORK_ADD_NETWORK: [942, 'normal'],
  NETWORK_ADD_NETWORK_FAILED: [943, 'error'],
  NETWORK_UPDATE_NETWORK: [1114, 'normal'],
  VNICS_OUT_OF_SYNC_ON_NETWORK_UPDATE: [11291, 'alert'],
  RECONCILIATION_REPAIRED: [20020, 'normal'],
  RECONCILIATION_FOUND: [20021, 'warning'],
  NETWORK_REMOVE_NETWORK: [944, 'normal'],
  NETWORK_REMOVE_NETWORK_FAILED: [9441, 'error'],
  NETWORK_ATTACH_NETWORK_TO_CLUSTER: [946, 'normal'],
  NETWORK_DETACH_NETWORK_TO_CLUSTER: [948, 'normal'],
  ADD_VNIC_PROFILE: [1122, 'normal'],
  UPDATE_VNIC_PROFILE: [1124, 'normal'],
  REMOVE_VNIC_PROFILE: [1126, 'normal'],
  VNICS_OUT_OF_SYNC_ON_PROFILE_UPDATE: [11292, 'alert'],
  MAC_POOL_ADD_SUCCESS: [10700, 'normal'],
  MAC_POOL_EDIT_SUCCESS: [10702, 'normal'],
  MAC_POOL_REMOVE_SUCCESS: [10704, 'normal'],
  // As the real engine spells it.
  NETWORK_UPDTAE_NETWORK_ON_CLUSTER: [1112, 'normal'],
  LABEL_NETWORK: [1132, 'normal'],
  UNLABEL_NETWORK: [1134, 'normal'],
  NETWORK_IMPORT_EXTERNAL_NETWORK: [10920, 'normal'],
  NETWORK_IMPORT_EXTERNAL_NETWORK_FAILED: [10921, 'error'],
  NETWORK_AUTO_DEFINE_NO_DEFAULT_EXTERNAL_PROVIDER: [10924, 'warning'],
  NETWORK_REMOVE_VM_INTERFACE: [930, 'normal'],
  NETWORK_ADD_TEMPLATE_INTERFACE: [936, 'normal'],
  NETWORK_REMOVE_TEMPLATE_INTERFACE: [938, 'normal'],
  NETWORK_UPDATE_TEMPLATE_INTERFACE: [940, 'normal'],
  NETWORK_ADD_VM_INTERFACE: [932, 'normal'],
  NETWORK_ADD_VM_INTERFACE_FAILED: [933, 'error'],
  NETWORK_UPDATE_VM_INTERFACE: [934, 'normal'],
  NETWORK_UPDATE_VM_INTERFACE_FAILED: [935, 'error'],
  NETWORK_ACTIVATE_VM_INTERFACE_SUCCESS: [1012, 'normal'],
  NETWORK_ACTIVATE_VM_INTERFACE_FAILURE: [1013, 'error'],
  NETWORK_DEACTIVATE_VM_INTERFACE_SUCCESS: [1014, 'normal'],
  NETWORK_DEACTIVATE_VM_INTERFACE_FAILURE: [1015, 'error'],
  SUBNET_REMOVED: [1140, 'normal'],
  SUBNET_REMOVAL_FAILED: [1141, 'error'],
  SUBNET_ADDED: [1142, 'normal'],
  SUBNET_UPDATED: [20030, 'normal'],
  SUBNET_ADDITION_FAILED: [1143, 'error'],
  REMOVE_PORT_FROM_EXTERNAL_PROVIDER_FAILED: [1149, 'warning'],
  USER_VDC_LOGIN: [30, 'normal'],
  USER_VDC_LOGIN_FAILED: [114, 'error'],
  USER_ADD: [149, 'normal'],
  USER_REMOVE_ADUSER: [325, 'normal'],
  USER_ADD_PERMISSION: [850, 'normal'],
  USER_REMOVE_PERMISSION: [852, 'normal'],
  USER_ADD_SYSTEM_PERMISSION: [866, 'normal'],
  USER_REMOVE_SYSTEM_PERMISSION: [868, 'normal'],
  USER_ADD_ROLE_WITH_ACTION_GROUP: [864, 'normal'],
  USER_UPDATE_ROLE: [856, 'normal'],
  USER_REMOVE_ROLE: [858, 'normal'],
  USER_ATTACHED_ACTION_GROUP_TO_ROLE: [860, 'normal'],
  USER_DETACHED_ACTION_GROUP_FROM_ROLE: [862, 'normal'],
  EXTERNAL_EVENT_NORMAL: [9801, 'normal'],
  EXTERNAL_EVENT_WARNING: [9802, 'warning'],
  EXTERNAL_EVENT_ERROR: [9803, 'error'],
  EXTERNAL_ALERT: [9804, 'alert'],
  // Ours: oVirt has no names for these.
  DRIVER_INSTALLED: [30001, 'normal'],
  DRIVER_INSTALLATION_FAILED: [30002, 'error'],
  DRIVER_REMOVED: [30003, 'normal'],
  USER_UPDATED: [30010, 'normal'],
} as const satisfies Readonly<Record<string, readonly [number, Severity]>>

export type EventName = keyof typeof codes

/** What somebody else's software tells. */
export type CustomEvent = Pick<EventRow, 'severity' | 'description' | 'origin' | 'customId' | 'floodRate'>

export interface EventTeller {
  tell(name: EventName, description: string): Promise<void>
  /** As part of a transaction: told when that is committed. */
  record(tables: Pick<Tables, 'events'>, name: EventName, description: string): Promise<void>
  /** When `work` fails: what could not be done, with the reason. The failure goes on to the caller. */
  tellFailure<Result>(name: EventName, description: string, work: () => Promise<Result>): Promise<Result>
}

export interface EventLog extends EventTeller {
  /** Tells events that link to these. */
  about(about: EventAbout): EventTeller
  add(event: CustomEvent): Promise<EventRow>
  list(wanted: RowQuery): Promise<EventRow[]>
  get(id: string): Promise<EventRow>
}

export function createEventLog(store: Store): EventLog {
  return {
    ...teller(store, {}),
    about: (about) => teller(store, about),
    add: (event) =>
      store.transaction((tables) => insert(tables, customEventNames[event.severity], { ...linksTo({}), ...event })),
    list: (wanted) => store.events.select(wanted),
    async get(id) {
      const event = await store.events.get(id)
      if (!event) throw new Fault('NOT_FOUND', { what: 'Event', id })
      return event
    },
  }
}

function teller(store: Store, about: EventAbout): EventTeller {
  const links = linksTo(about)
  const write = (name: EventName, description: string) =>
    store.transaction((tables) => insert(tables, name, { ...links, description }))
  return {
    async tellFailure(name, description, work) {
      try {
        return await work()
      } catch (error) {
        await write(name, `${description}: ${(error as Error).message}`)
        throw error
      }
    },
    tell: async (name, description) => void (await write(name, description)),
    record: async (tables, name, description) => void (await insert(tables, name, { ...links, description })),
  }
}

type Told = EventLinks & Pick<EventRow, 'description'> & Partial<CustomEvent>

/** One after the other, as all transactions: so they are numbered as they come. */
async function insert({ events }: Pick<Tables, 'events'>, name: EventName, told: Told): Promise<EventRow> {
  const [code, severity] = codes[name]
  const [last] = await events.select({ newestFirst: true, limit: 1 })
  const row: EventRow = {
    origin: '',
    customId: '',
    floodRate: 0,
    ...told,
    id: randomUUID(),
    sequence: (last?.sequence ?? 0) + 1,
    code,
    severity,
    time: new Date().toISOString(),
    correlationId: correlationId(),
    userName: actingUser(),
  }
  await events.insert(row)
  return row
}

const customEventNames = {
  normal: 'EXTERNAL_EVENT_NORMAL',
  warning: 'EXTERNAL_EVENT_WARNING',
  error: 'EXTERNAL_EVENT_ERROR',
  alert: 'EXTERNAL_ALERT',
} as const satisfies Readonly<Record<Severity, EventName>>
