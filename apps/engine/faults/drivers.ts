// Driver packages.
import type { FaultTexts } from './fault-texts.ts'

export const driverFaults = {
  DRIVER_PACKAGE_REFUSED: { status: 400, text: 'Cannot add Driver package. {reason}' },
  DRIVER_SIGNERS_MISSING: {
    status: 400,
    text: 'Cannot add Driver package. This engine trusts no publisher: start it with --driver-signers.',
  },
  DRIVER_VERSION_EXISTS: {
    status: 409,
    text: 'Cannot add Driver package. There is a {name} {version} already, with other contents.',
  },
  DRIVER_SERVES_OTHER_PLUGIN_TYPE: {
    status: 409,
    text: 'Cannot {action}. The driver serves {served}, and provider {provider} has the plugin type "{pluginType}".',
  },
} as const satisfies FaultTexts
