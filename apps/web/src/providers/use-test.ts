// Tests what is typed, before it is kept: over https an administrator first approves whose certificate is trusted.
import { useState } from 'react'
import { useChange } from '../engine/use-change.ts'
import { text } from '../text/providers.ts'
import { mistakesOf, type ProviderForm, requestOf } from './provider-form.ts'
import { type Certificate, readCertificates, testProvider, trustCertificate } from './provider-requests.ts'

export interface ProviderTest {
  readonly isBusy: boolean
  /** undefined: there is no result. */
  readonly result: { readonly error: unknown } | undefined
  /** To be approved. */
  readonly asked: Certificate | undefined
  start(): void
  approve(): void
  refuse(): void
}

/** `providerId`: of the one that is edited, whose password is used unless another one is typed. */
export function useTest(values: ProviderForm, providerId: string | undefined): ProviderTest {
  const [asked, setAsked] = useState<Certificate>()
  const test = useChange((approved: Certificate | undefined) => run(values, providerId, approved), {
    kinds: [],
    done: setAsked,
  })
  return {
    isBusy: test.isPending,
    result: test.isIdle || test.isPending || asked ? undefined : { error: test.error },
    asked,
    start: () => test.mutate(undefined),
    approve() {
      setAsked(undefined)
      test.mutate(asked)
    },
    refuse() {
      setAsked(undefined)
      test.reset()
    },
  }
}

/** Answers the certificate that must be approved before; undefined: the test succeeded. */
async function run(values: ProviderForm, id: string | undefined, approved: Certificate | undefined) {
  const provider = { ...requestOf(values), id }
  // A test needs no name.
  const mistakes = mistakesOf({ ...values, name: 'untold' }, id === undefined)
  if (Object.keys(mistakes).length > 0) throw new Error(text.testIncomplete)
  if (approved) await trustCertificate(provider, approved.content ?? '')
  else if (values.url.startsWith('https:')) {
    // The last one signed the others.
    const last = (await readCertificates(provider)).at(-1)
    if (!last) throw new Error(text.testUnknown)
    return last
  }
  await testProvider(provider)
  return undefined
}
