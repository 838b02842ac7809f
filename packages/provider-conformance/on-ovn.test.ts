// The kit against our provider on OVN: the same tests again.
process.env.PATCHBAY_TEST_BACKEND = 'ovn'

await import('./check-provider.test.ts')
