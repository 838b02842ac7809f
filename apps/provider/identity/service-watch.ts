// Whether the service that tokens come from answers: what failed last, and asking again until it does.

export interface ServiceWatch extends Disposable {
  /** Why tokens cannot be checked, or undefined when they can. */
  missing(): string | undefined
  /** Takes note of how a question ends. */
  see<Answer>(question: Promise<Answer>): Promise<Answer>
}

/** `probe` is a question whose answer does not matter; the first is asked at once. `name`: of the service. */
export function watchService(name: string, probe: () => Promise<unknown>, retryMs: number): ServiceWatch {
  let missing: string | undefined = `${name} has not answered yet`
  let timer: NodeJS.Timeout | undefined
  let ended = false
  const see: ServiceWatch['see'] = async (question) => {
    try {
      const answer = await question
      missing = undefined
      return answer
    } catch (error) {
      missing = (error as Error).message
      askLater()
      throw error
    }
  }
  const askNow = () => see(probe()).catch(() => {})
  const askLater = () => {
    if (ended || timer) return
    timer = setTimeout(() => {
      timer = undefined
      if (missing !== undefined) void askNow()
    }, retryMs).unref()
  }
  void askNow()
  return {
    missing: () => missing,
    see,
    [Symbol.dispose]() {
      ended = true
      clearTimeout(timer)
    },
  }
}
