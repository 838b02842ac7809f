// How a hook script reaches the agent that called it: what the package vdsm beside `hooking` reads of its environment.
import { resolve } from 'node:path'
import type { AgentConfig } from './config.ts'
import { networkFiles } from './network-setup/network-store.ts'

const everywhere = ['::', '0.0.0.0']

export function ownApi({ listen, tlsFiles, libvirtUri, hypervisor, ...dirs }: AgentConfig): NodeJS.ProcessEnv {
  const { runFile, safeFile } = networkFiles(dirs.runDir, dirs.dataDir)
  return {
    PATCHBAY_API_HOST: everywhere.includes(listen.host) ? 'localhost' : listen.host,
    PATCHBAY_API_PORT: String(listen.port),
    ...(tlsFiles && {
      PATCHBAY_TLS_CA: tlsFiles.ca,
      PATCHBAY_TLS_CERT: tlsFiles.cert,
      PATCHBAY_TLS_KEY: tlsFiles.key,
    }),
    PATCHBAY_RUNNING_NETWORKS: resolve(runFile),
    PATCHBAY_SAFE_NETWORKS: resolve(safeFile),
    ...(hypervisor === 'libvirt' && { LIBVIRT_DEFAULT_URI: libvirtUri }),
  }
}
