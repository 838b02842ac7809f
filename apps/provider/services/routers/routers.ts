// What can be done with routers.
import { NetworkingError } from '@patchbay/networking-api/errors.ts'
import {
  type InterfaceWish,
  type Router,
  type RouterAttributes,
  type RouterInterface,
  routerType,
  type ShownRouter,
} from '@patchbay/networking-api/resources/routers.ts'
import type { State, Transaction } from '../../backends/backend.ts'
import { foundRouter } from '../../backends/facts/found.ts'
import { interfacesOf } from '../../backends/facts/router-ports.ts'
import type { PortService } from '../ports/ports.ts'
import { checkRevision, listRows, ownedBy, type ResourceService, type ServiceParts } from '../resource-service.ts'
import { shownRows } from '../shown.ts'
import { changeGateway, gatewayInfo } from './router-gateways.ts'
import { type Connection, createRouterInterfaces } from './router-interfaces.ts'
import { arrangedRoutes, checkRoutes } from './router-routes.ts'

export interface RouterService extends ResourceService<RouterAttributes, ShownRouter> {
  addInterface(transaction: Transaction, id: string, wish: InterfaceWish): RouterInterface
  removeInterface(transaction: Transaction, id: string, wish: InterfaceWish): RouterInterface
}

/** `ports`: without the rules that keep requests off the ports of routers. */
export function createRouterService({ backend, now, newId }: ServiceParts, ports: PortService): RouterService {
  const { connect, disconnect } = createRouterInterfaces(ports)
  const { state } = backend
  const revise = (transaction: Transaction, before: Router, change: Partial<Router> = {}): Router => {
    const router = { ...before, ...change, updated_at: now(), revision_number: before.revision_number + 1 }
    transaction.routers.update(router)
    return router
  }
  return {
    type: routerType,
    list: (listing, visible) =>
      listRows(
        routerType,
        shownRows(state.routers, (router) => shown(state, router)),
        listing,
        visible,
      ),
    notFound: (id) => new NetworkingError('RouterNotFound', { id }),
    get: (where, id) => shown(where, foundRouter(where, id)),
    create(transaction, { external_gateway_info: wish, ...draft }, project) {
      const router: Router = {
        ...draft,
        id: newId(),
        ...ownedBy(draft, project),
        status: 'ACTIVE',
        gateway_port_id: null,
        enable_snat: true,
        routes: [],
        tags: [],
        created_at: now(),
        updated_at: now(),
        revision_number: 1,
      }
      const made = { ...router, ...changeGateway(ports, transaction, router, wish) }
      transaction.routers.insert(made)
      return shown(transaction, made)
    },
    update(transaction, id, { external_gateway_info: wish, routes, ...change }, ifRevision) {
      const before = foundRouter(transaction, id)
      checkRevision(before, ifRevision)
      const gateway = wish === undefined ? {} : changeGateway(ports, transaction, before, wish)
      const arranged = routes && { routes: arrangedRoutes(before.routes, routes) }
      const router = revise(transaction, before, { ...change, ...gateway, ...arranged })
      if (wish !== undefined || routes) checkRoutes(transaction, router)
      return shown(transaction, router)
    },
    remove(transaction, id, ifRevision) {
      const router = foundRouter(transaction, id)
      checkRevision(router, ifRevision)
      const interfaces = interfacesOf(transaction, id).map((port) => port.id)
      if (interfaces.length > 0)
        throw new NetworkingError('RouterInUse', { id, reason: `has ports still attached: ${interfaces.join(', ')}` })
      changeGateway(ports, transaction, router, null)
      transaction.routers.remove(id)
    },
    addInterface(transaction, id, wish) {
      const router = foundRouter(transaction, id)
      const connection = connect(transaction, router, wish)
      return answerOf(revise(transaction, router), connection)
    },
    removeInterface(transaction, id, wish) {
      const router = foundRouter(transaction, id)
      const connection = disconnect(transaction, router, wish)
      return answerOf(revise(transaction, router), connection)
    },
  }
}

function shown(state: State, router: Router): ShownRouter {
  const { gateway_port_id: _, enable_snat: __, ...rest } = router
  return { ...rest, external_gateway_info: gatewayInfo(state, router) }
}

function answerOf({ id }: Router, { port, subnets }: Connection): RouterInterface {
  const { tenant_id, project_id, network_id } = port
  const ids = subnets.map((subnet) => subnet.id)
  return { id, tenant_id, project_id, port_id: port.id, network_id, subnet_id: ids.at(-1)!, subnet_ids: ids }
}
