// Add a provider, or edit one.

import { networkType } from '@patchbay/ovirt-api/types/networks.ts'
import type { providerType } from '@patchbay/ovirt-api/types/providers.ts'
import { Alert } from '@patternfly/react-core'
import { useQuery } from '@tanstack/react-query'
import { collection } from '../engine/queries.ts'
import type { Shown } from '../engine/resource.ts'
import { useChange } from '../engine/use-change.ts'
import { ActionButton } from '../feedback/action-button.tsx'
import { changesOf } from '../form/changes.ts'
import { FormDialog } from '../form/form-dialog.tsx'
import { useForm } from '../form/use-form.ts'
import { text as portal } from '../text/portal.ts'
import { text } from '../text/providers.ts'
import { AccessFields } from './access-fields.tsx'
import { GeneralFields } from './general-fields.tsx'
import { blankForm, changed, formOf, mistakesOf, type ProviderForm, requestOf } from './provider-form.ts'
import { networksOf } from './provider-networks.tsx'
import { addProvider, editProvider } from './provider-requests.ts'
import { TestResult } from './test-result.tsx'
import { useTest } from './use-test.ts'

interface Props {
  /** undefined: a new one. */
  readonly provider?: Shown<typeof providerType>
  readonly onClose: () => void
}

export function ProviderDialog({ provider, onClose }: Props) {
  const form = useForm(provider ? formOf(provider) : blankForm, (values) => mistakesOf(values, !provider?.username), {
    changed,
  })
  const save = useChange(
    (values: ProviderForm) =>
      provider
        ? editProvider(provider.id, changesOf(requestOf(form.initial), requestOf(values)))
        : addProvider(requestOf(values)),
    { done: onClose },
  )
  const test = useTest(form.values, provider?.id)
  return (
    <FormDialog
      title={provider ? text.editTitle(provider.name ?? '') : text.addTitle}
      verb={provider ? portal.save : portal.add}
      isBusy={save.isPending}
      error={save.error}
      onSubmit={() => form.submit(save.mutate)}
      onClose={onClose}
      actions={
        <ActionButton
          variant="secondary"
          isLoading={test.isBusy}
          whyNot={form.values.unmanaged ? text.notAsked : test.isBusy ? portal.loading : undefined}
          onClick={test.start}
        >
          {text.test}
        </ActionButton>
      }
      notice={<TestResult test={test} />}
    >
      <GeneralFields form={form} isNew={!provider} />
      {provider && form.values.url !== form.initial.url && <UrlWarning providerName={provider.name ?? ''} />}
      <AccessFields form={form} hasPassword={Boolean(provider?.username)} />
    </FormDialog>
  )
}

function UrlWarning({ providerName }: { providerName: string }) {
  const { data = [] } = useQuery(collection(networkType, '/networks', networksOf(providerName)))
  const names = data.map(({ name }) => name)
  if (names.length === 0) return null
  return (
    <Alert variant="warning" isInline title={text.urlChanged}>
      {text.urlChangedWhy(names.join(', '))}
    </Alert>
  )
}
