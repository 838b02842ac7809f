import { bedUnavailable } from '@patchbay/vif-driver/testing/bed-unavailable.ts'
import { ovnUnavailable } from '../../../lab/lab-unavailable.ts'

export const skip = bedUnavailable() ?? ovnUnavailable()
