// Templates of VMs.
import { int, list, reference, resource, struct, text } from '../element.ts'

export const templateType = resource('template', 'templates', {
  name: text,
  description: text,
  comment: text,
  cluster: reference,
  /** In a request: what it is made from. */
  vm: reference,
  status: text,
  /** There is one of each. */
  version: struct({ version_number: int }),
  memory: int,
  creation_time: text,
  custom_properties: list('custom_property', struct({ name: text, value: text })),
})
