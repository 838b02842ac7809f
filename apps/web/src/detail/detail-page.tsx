// A page about one thing: where it belongs, its name, what can be done with it, and tabs. The tab stands in the address.
import {
  Breadcrumb,
  BreadcrumbItem,
  Content,
  Flex,
  FlexItem,
  PageSection,
  Tab,
  Tabs,
  TabTitleText,
} from '@patternfly/react-core'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { Status } from '../feedback/status.tsx'
import { usePlace } from '../list/place.ts'

export interface PageTab {
  readonly key: string
  readonly title: string
  readonly content: ReactNode
}

interface Props {
  readonly title: string
  /** The list that it is in. */
  readonly parent: { readonly to: string; readonly title: string }
  /** As the engine says it, and why it is so. */
  readonly status?: string | undefined
  readonly statusDetail?: string | undefined
  readonly actions?: ReactNode
  /** The first is shown unless the address says another one. */
  readonly tabs: readonly PageTab[]
  /** Dialogs. */
  readonly children?: ReactNode
}

export function DetailPage({ title, parent, status, statusDetail, actions, tabs, children }: Props) {
  const { place, go } = usePlace()
  const shown = tabs.find(({ key }) => key === place.tab) ?? tabs[0]!
  return (
    <>
      <PageSection type="breadcrumb">
        <Breadcrumb>
          <BreadcrumbItem
            render={({ className }) => (
              <Link to={parent.to} {...(className && { className })}>
                {parent.title}
              </Link>
            )}
          />
          <BreadcrumbItem isActive>{title}</BreadcrumbItem>
        </Breadcrumb>
      </PageSection>
      <PageSection>
        <Flex alignItems={{ default: 'alignItemsCenter' }}>
          <FlexItem className="breaks-anywhere">
            <Content component="h1">{title}</Content>
          </FlexItem>
          {status && (
            <FlexItem>
              <Status status={status} />
            </FlexItem>
          )}
          <FlexItem align={{ default: 'alignRight' }}>
            <div className="page-actions">{actions}</div>
          </FlexItem>
        </Flex>
        {statusDetail && (
          <Content component="p" className="status-detail">
            {statusDetail}
          </Content>
        )}
      </PageSection>
      <PageSection type="tabs">
        <Tabs
          activeKey={shown.key}
          onSelect={(_event, key) => go({ tab: key === tabs[0]!.key ? undefined : String(key) })}
          usePageInsets
          aria-label={title}
        >
          {tabs.map(({ key, title: name }) => (
            <Tab key={key} eventKey={key} title={<TabTitleText>{name}</TabTitleText>} tabContentId={`tab-${key}`} />
          ))}
        </Tabs>
      </PageSection>
      <PageSection isFilled id={`tab-${shown.key}`} role="tabpanel" aria-label={shown.title}>
        {shown.content}
      </PageSection>
      {children}
    </>
  )
}
