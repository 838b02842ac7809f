// The pages, by what an administrator looks for.
import { Nav, NavItem, NavList, PageSidebar, PageSidebarBody } from '@patternfly/react-core'
import { Link, useLocation } from '@tanstack/react-router'
import { useRights } from '../rights/use-rights.ts'
import { text as accessText } from '../text/access.ts'
import { text as driverText } from '../text/drivers.ts'
import { text } from '../text/navigation.ts'
import { text as portalText } from '../text/portal.ts'

const places = [
  ['/providers', text.providers],
  ['/networks', text.networks],
  ['/vms', text.vms],
  ['/hosts', text.hosts],
  ['/clusters', text.clusters],
  ['/data-centers', text.dataCenters],
  ['/topology', text.topology],
  ['/drivers', driverText.title],
  ['/events', text.events],
  ['/jobs', text.jobs],
  ['/users', accessText.users],
  ['/roles', accessText.roles],
] as const

/** The engine tells these to whoever administers anything. */
const administrators = new Set<string>(['/providers', '/topology', '/drivers'])

export const forAdministrators = (pathname: string) => administrators.has(pathname.replace(/(?<=.)\/.*$/, ''))

export function Navigation() {
  const { isAdministrator } = useRights()
  const shown = places.filter(([to]) => isAdministrator || !forAdministrators(to))
  const { pathname } = useLocation()
  return (
    <PageSidebar>
      <PageSidebarBody>
        <Nav aria-label={portalText.navigation}>
          <NavList>
            {shown.map(([to, name]) => (
              <NavItem key={to} isActive={pathname === to || pathname.startsWith(`${to}/`)}>
                <Link to={to}>{name}</Link>
              </NavItem>
            ))}
          </NavList>
        </Nav>
      </PageSidebarBody>
    </PageSidebar>
  )
}
