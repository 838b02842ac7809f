// What the API calls a row of Logical_Switch_Port.

/**
 * ovirt-provider-ovn gives its ports names that are their ids, and the `iface-id` on the host. What has another kind of
 * name is called by its uuid. Our own rows have one for both.
 */
export const portIdOf = ({ _uuid, name }: { readonly _uuid: string; readonly name: string }) =>
  name !== _uuid && uuidPattern.test(name) ? name : _uuid

const uuidPattern = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/
