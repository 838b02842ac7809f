// Where oVirt's API is on its server.
export const apiPath = '/ovirt-engine/api'
