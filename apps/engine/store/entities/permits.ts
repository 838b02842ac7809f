// What roles permit, with oVirt's names and numbers: those of its permits that this engine has a use for.

interface Permit {
  readonly id: number
  /** Only administrative roles may have it. */
  readonly isAdministrative: boolean
  /** Whoever has it on a thing sees what belongs to that thing. */
  readonly showsChildren: boolean
}

const user = (id: number): Permit => ({ id, isAdministrative: false, showsChildren: true })
const admin = (id: number): Permit => ({ id, isAdministrative: true, showsChildren: true })
const blind = (permit: Permit): Permit => ({ ...permit, showsChildren: false })

export const permits = {
  create_vm: blind(user(1)),
  delete_vm: user(2),
  edit_vm_properties: user(3),
  migrate_vm: user(6),
  configure_vm_network: user(9),
  manipulate_vm_snapshots: user(12),
  change_vm_custom_properties: admin(14),
  edit_admin_vm_properties: admin(15),
  reboot_vm: user(17),
  stop_vm: user(18),
  shut_down_vm: user(19),
  hibernate_vm: user(21),
  run_vm: user(22),
  create_host: admin(100),
  edit_host_configuration: admin(101),
  delete_host: admin(102),
  manipulate_host: admin(103),
  configure_host_network: admin(104),
  create_template: blind(user(200)),
  edit_template_properties: user(201),
  delete_template: user(202),
  configure_template_network: user(204),
  create_cluster: admin(400),
  edit_cluster_configuration: admin(401),
  delete_cluster: admin(402),
  configure_cluster_network: admin(403),
  assign_cluster_network: admin(404),
  manipulate_users: admin(500),
  manipulate_roles: admin(501),
  manipulate_permissions: user(502),
  add_users_and_groups_from_directory: user(503),
  create_storage_pool: admin(700),
  delete_storage_pool: admin(701),
  edit_storage_pool_configuration: admin(702),
  configure_storage_pool_network: admin(703),
  create_storage_pool_network: admin(704),
  delete_storage_pool_network: admin(705),
  configure_engine: admin(800),
  configure_network_vnic_profile: admin(1203),
  create_network_vnic_profile: admin(1204),
  delete_network_vnic_profile: admin(1205),
  login: blind(user(1300)),
  audit_log_management: blind(admin(1304)),
  inject_external_events: blind(admin(1400)),
  create_mac_pool: admin(1660),
  edit_mac_pool: admin(1661),
  delete_mac_pool: admin(1662),
  configure_mac_pool: admin(1663),
} as const satisfies Readonly<Record<string, Permit>>

export type PermitName = keyof typeof permits

export const permitNames = Object.keys(permits) as PermitName[]

/** By its number or its name, whatever the case of that. */
export function permitNamed({ id, name }: { readonly id?: string | undefined; readonly name?: string | undefined }) {
  return permitNames.find((each) => (id === undefined ? each === name?.toLowerCase() : String(permits[each].id) === id))
}
