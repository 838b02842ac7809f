// Tests what is typed, before it is kept: over https an administrator first approves whose certificate is trusted.
import { Alert, Button, Modal, ModalBody, ModalFooter, ModalHeader } from '@patternfly/react-core'
import { useState } from 'react'
import { useChange } from '../engine/use-change.ts'
import { FailureAlert } from '../feedback/failure-alert.tsx'
import type { FormState } from '../form/use-form.ts'
import { text as portal } from '../text/portal.ts'
import { text } from '../text/providers.ts'
import { mistakesOf, type ProviderForm, requestOf } from './provider-form.ts'
import { type Certificate, readCertificates, testProvider, trustCertificate } from './provider-requests.ts'

interface Props {
  readonly form: FormState<ProviderForm>
  readonly providerId: string | undefined
}

export function TestButton({ form: { values }, providerId }: Props) {
  const [asked, setAsked] = useState<Certificate>()
  const provider = { ...requestOf(values), id: providerId }
  const isIncomplete = Object.keys(mistakesOf({ ...values, name: values.name || 'x' }, !providerId)).length > 0

  const test = useChange(
    async (approved: Certificate | undefined) => {
      if (isIncomplete) throw new Error(text.testIncomplete)
      if (approved) await trustCertificate(provider, approved.content ?? '')
      else if (values.url.startsWith('https:')) {
        // The last one signed the others.
        const last = (await readCertificates(provider)).at(-1)
        if (!last) throw new Error(text.testUnknown)
        setAsked(last)
        return false
      }
      await testProvider(provider)
      return true
    },
    { kinds: [] },
  )
  const approve = (certificate: Certificate) => {
    setAsked(undefined)
    test.mutate(certificate)
  }
  return (
    <>
      <Button
        variant="secondary"
        isLoading={test.isPending}
        isDisabled={values.unmanaged || test.isPending}
        onClick={() => test.mutate(undefined)}
      >
        {text.test}
      </Button>
      {test.error && <FailureAlert error={test.error} title={text.testFailed} />}
      {test.data && !test.isPending && (
        <Alert variant="success" isInline isPlain title={text.testSucceeded} isLiveRegion />
      )}
      {asked && (
        <CertificateDialog certificate={asked} onApprove={() => approve(asked)} onClose={() => setAsked(undefined)} />
      )}
    </>
  )
}

interface CertificateProps {
  readonly certificate: Certificate
  readonly onApprove: () => void
  readonly onClose: () => void
}

function CertificateDialog({ certificate, onApprove, onClose }: CertificateProps) {
  const { subject = '', issuer = '', fingerprint = '' } = certificate
  return (
    <Modal variant="small" isOpen onClose={onClose} aria-labelledby="certificate-title">
      <ModalHeader title={text.certificateTitle} labelId="certificate-title" titleIconVariant="warning" />
      <ModalBody className="fault-text">{text.certificateQuestion(subject, issuer, fingerprint)}</ModalBody>
      <ModalFooter>
        <Button onClick={onApprove}>{portal.yes}</Button>
        <Button variant="link" onClick={onClose}>
          {portal.no}
        </Button>
      </ModalFooter>
    </Modal>
  )
}
