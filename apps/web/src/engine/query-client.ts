// The cache of the engine's answers. What is shown stays while it is asked anew.
import { QueryClient } from '@tanstack/react-query'
import { EngineFailure } from './failure.ts'

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 5_000,
      // An engine that restarts is waited for; what it refuses stays refused.
      retry: (failures, error) => isUnreached(error) && failures < 5,
      retryDelay: (failures) => Math.min(1_000 * 2 ** failures, 10_000),
      // While the stream is away this is what makes pages recover by themselves.
      refetchInterval: ({ state }) => (isUnreached(state.error) ? 10_000 : 60_000),
    },
  },
})

const isUnreached = (error: unknown) => error instanceof EngineFailure && (error.status === 0 || error.status === 503)
