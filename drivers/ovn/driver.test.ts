// The ovn driver keeps the specification of the VIF driver API, between two chassis with real frames.
import { describeVifDriver } from '@patchbay/vif-driver/describe-driver.ts'
import { openOvnBed } from './testing/ovn-bed.ts'
import { skip } from './testing/ovn-trial.ts'

describeVifDriver({ name: 'ovn', openBed: openOvnBed, skip })
