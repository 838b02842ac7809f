// What became of a test, and the question before it.
import { Alert, Button, Modal, ModalBody, ModalFooter, ModalHeader } from '@patternfly/react-core'
import { FailureAlert } from '../feedback/failure-alert.tsx'
import { text as portal } from '../text/portal.ts'
import { text } from '../text/providers.ts'
import type { ProviderTest } from './use-test.ts'

export function TestResult({ test }: { test: ProviderTest }) {
  const { result, asked } = test
  if (asked) return <CertificateQuestion test={test} />
  if (!result) return null
  if (result.error) return <FailureAlert error={result.error} title={text.testFailed} />
  return <Alert variant="success" isInline title={text.testSucceeded} isLiveRegion />
}

function CertificateQuestion({ test: { asked, approve, refuse } }: { test: ProviderTest }) {
  const { subject = '', issuer = '', fingerprint = '' } = asked ?? {}
  return (
    <Modal variant="small" isOpen onClose={refuse} aria-labelledby="certificate-title">
      <ModalHeader title={text.certificateTitle} labelId="certificate-title" titleIconVariant="warning" />
      <ModalBody className="fault-text">{text.certificateQuestion(subject, issuer, fingerprint)}</ModalBody>
      <ModalFooter>
        <Button onClick={approve}>{portal.yes}</Button>
        <Button variant="link" onClick={refuse}>
          {portal.no}
        </Button>
      </ModalFooter>
    </Modal>
  )
}
