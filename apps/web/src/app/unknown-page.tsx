// An address that leads nowhere, and a page that broke.
import { Button } from '@patternfly/react-core'
import { FailureAlert } from '../feedback/failure-alert.tsx'
import { Nothing } from '../feedback/nothing.tsx'
import { text } from '../text/portal.ts'

export function UnknownPage() {
  const home = (
    <Button component="a" href="/ovirt-engine/webadmin/" variant="link">
      {text.home}
    </Button>
  )
  return <Nothing title={text.unknownPage} body={text.unknownPageWhy} action={home} />
}

/** Also when the page's file is gone because the engine has a newer portal: loading anew gets it. */
export function PageFailed({ error }: { error: unknown }) {
  return (
    <>
      <FailureAlert error={error} title={text.notLoaded} />
      <Button onClick={() => location.reload()}>{text.retry}</Button>
    </>
  )
}
