// What is around every page: masthead, navigation, and the notice that the engine is away.
import { Page, SkipToContent } from '@patternfly/react-core'
import { Outlet } from '@tanstack/react-router'
import { StaleNotice } from '../live/stale-notice.tsx'
import { useLiveUpdates } from '../live/use-live-updates.ts'
import { text } from '../text/portal.ts'
import { PortalMasthead } from './masthead.tsx'
import { Navigation } from './navigation.tsx'

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
      <Outlet />
    </Page>
  )
}
