// A one-time token with which a host gets its certificate. It is shown once and kept nowhere.
import type { hostType } from '@patchbay/ovirt-api/types/infrastructure.ts'
import { ClipboardCopy, Content, FormGroup } from '@patternfly/react-core'
import type { Shown } from '../engine/resource.ts'
import { useChange } from '../engine/use-change.ts'
import { FormDialog } from '../form/form-dialog.tsx'
import { text } from '../text/hosts.ts'
import { text as portal } from '../text/portal.ts'
import { makeToken } from './host-requests.ts'

interface Props {
  readonly host: Shown<typeof hostType>
  readonly onClose: () => void
}

export function EnrolDialog({ host, onClose }: Props) {
  const make = useChange(() => makeToken(host.id), { kinds: ['event'] })
  const made = make.data
  return (
    <FormDialog
      title={text.enrolTitle(host.name ?? '')}
      verb={text.makeToken}
      isBusy={make.isPending}
      error={make.error}
      onSubmit={() => make.mutate(undefined)}
      onClose={onClose}
    >
      <Content component="p">{text.enrolWhy}</Content>
      {made && (
        <>
          <Copied label={text.token} value={made.token} />
          <Content component="p">{text.expires(new Date(made.expires).toLocaleString())}</Content>
          <Copied label={text.fingerprint} value={made.ca_fingerprint} />
          <Copied
            label={text.onTheHost}
            value={`patchbay agent enrol --engine ${globalThis.location.origin} --token-file token --ca-fingerprint ${made.ca_fingerprint}`}
          />
        </>
      )}
    </FormDialog>
  )
}

function Copied({ label, value }: { label: string; value: string }) {
  return (
    <FormGroup label={label} role="group">
      <ClipboardCopy isReadOnly hoverTip={portal.copy} clickTip={portal.copied} textAriaLabel={label}>
        {value}
      </ClipboardCopy>
    </FormGroup>
  )
}
