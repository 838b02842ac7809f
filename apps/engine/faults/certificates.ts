// Enrolment of hosts.
import type { FaultTexts } from './fault-texts.ts'

export const certificateFaults = {
  ENROLMENT_TOKEN_UNKNOWN: { status: 403, text: 'The enrolment token is not known.' },
  ENROLMENT_TOKEN_USED: { status: 403, text: 'The enrolment token was used already.' },
  ENROLMENT_TOKEN_EXPIRED: { status: 403, text: 'The enrolment token has expired.' },
  TOO_MANY_ATTEMPTS: { status: 429, text: 'Too many failed attempts from this address. Please try again in a minute.' },
} as const satisfies FaultTexts
