// Who may connect subnets to routers: an administrator all, a member the own subnets and ports to the own routers.
import { NetworkingError } from '@patchbay/networking-api/errors.ts'
import type { InterfaceWish, RouterInterface } from '@patchbay/networking-api/resources/routers.ts'
import type { Backend } from '../../backends/backend.ts'
import { isAdmin, type Principal } from '../../identity/principal.ts'
import type { GuardedService } from '../access.ts'
import { forbidden, ownedBy, portPolicy, subnetPolicy } from '../policies.ts'
import { refused } from './router-ports.ts'
import type { RouterService } from './routers.ts'

export interface GuardedInterfaces {
  add(principal: Principal, routerId: string, wish: InterfaceWish): Promise<RouterInterface>
  remove(principal: Principal, routerId: string, wish: InterfaceWish): Promise<RouterInterface>
}

export function guardedInterfaces(
  routers: RouterService,
  { get }: Pick<GuardedService<typeof routers.type.attributes, { readonly project_id: string }>, 'get'>,
  backend: Backend,
): GuardedInterfaces {
  const check = (principal: Principal, id: string, rule: string) => {
    const router = get(principal, id)
    if (isAdmin(principal)) return
    const isOwn = principal.roles.includes('member') && ownedBy(router, principal.project.id)
    if (!isOwn) throw forbidden(rule)
  }
  /** What one may not see is not there; what one sees, but does not own, is not for one's router. */
  const checkWish = ({ project: { id: project } }: Principal, { subnet_id, port_id }: InterfaceWish) => {
    const { state } = backend
    const subnet = subnet_id === undefined ? undefined : state.subnets.get(subnet_id)
    if (subnet_id !== undefined && !(subnet && subnetPolicy.mayRead(subnet, project, state)))
      throw new NetworkingError('SubnetNotFound', { id: subnet_id })
    if (subnet && !ownedBy(subnet, project))
      throw refused(
        `Cannot add interface to router because subnet ${subnet.id} is not owned by project making the request`,
      )
    const port = port_id === undefined ? undefined : state.ports.get(port_id)
    if (port_id !== undefined && !(port && portPolicy.mayRead(port, project, state)))
      throw new NetworkingError('PortNotFound', { id: port_id })
    if (port && !ownedBy(port, project)) throw forbidden('update_port:device_owner')
  }
  return {
    async add(principal, id, wish) {
      check(principal, id, 'add_router_interface')
      if (!isAdmin(principal)) checkWish(principal, wish)
      return backend.write((transaction) => routers.addInterface(transaction, id, wish))
    },
    async remove(principal, id, wish) {
      check(principal, id, 'remove_router_interface')
      return backend.write((transaction) => routers.removeInterface(transaction, id, wish))
    },
  }
}
