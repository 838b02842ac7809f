// A change that a page asks the engine for. What it shows is asked anew when the engine has answered, never guessed.
import { useMutation, useQueryClient } from '@tanstack/react-query'

/** `kinds`: of the resources that it changes, by their singular names; all of them when it is left out. */
export function useChange<Input, Result>(
  change: (input: Input) => Promise<Result>,
  { kinds, done }: { kinds?: readonly string[]; done?: (result: Result) => void } = {},
) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: change,
    async onSettled(_result, error) {
      const asked = client.invalidateQueries({
        predicate: ({ queryKey }) => !kinds || kinds.includes(String(queryKey[0])),
      })
      // What failed is told at once: an engine that is away would be waited for.
      if (!error) await asked
    },
    onSuccess: (result) => done?.(result),
  })
}
