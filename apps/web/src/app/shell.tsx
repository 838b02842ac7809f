// What is around every page: masthead, navigation, and the notice that the engine is away.
import { Page, SkipToContent } from '@patternfly/react-core'
import { Outlet, useLocation } from '@tanstack/react-router'
import { Nothing } from '../feedback/nothing.tsx'
import { StaleNotice } from '../live/stale-notice.tsx'
import { useLiveUpdates } from '../live/use-live-updates.ts'
import { useRights } from '../rights/use-rights.ts'
import { text } from '../text/portal.ts'
import { text as rightsText } from '../text/rights.ts'
import { PortalMasthead } from './masthead.tsx'
import { forAdministrators, Navigation } from './navigation.tsx'

const contentId = 'content'

export function Shell() {
  const connection = useLiveUpdates()
  return (
    <Page
      isManagedSidebar
      isContentFilled
      masthead={<PortalMasthead />}
      sidebar={<Navigation />}
      mainContainerId={contentId}
      skipToContent={<SkipToContent href={`#${contentId}`}>{text.skip}</SkipToContent>}
    >
      <StaleNotice connection={connection} />
      <Place />
    </Page>
  )
}

/** What it would show is refused to others by the engine. */
function Place() {
  const { isAdministrator } = useRights()
  const { pathname } = useLocation()
  if (isAdministrator || !forAdministrators(pathname)) return <Outlet />
  return <Nothing title={rightsText.forAdministrators} body={rightsText.forAdministratorsWhy} />
}
