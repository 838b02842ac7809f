// The queue names VDSM is configured with by default; every engine relies on them.

/** Where clients send requests, here or one level below. */
export const requestQueues = ['jms.topic.vdsm_requests', 'jms.topic.vdsm_irs_requests'] as const

/** Where VDSM announces what happened on the host. */
export const eventQueue = 'jms.queue.events'
