// The linux-bridge driver keeps the specification of the VIF driver API, between two hosts with real frames.
import { describeVifDriver } from '@patchbay/vif-driver/describe-driver.ts'
import { openLinuxBridgeBed } from './testing/linux-bridge-bed.ts'
import { skip } from './testing/linux-bridge-trial.ts'

describeVifDriver({ name: 'linux-bridge', openBed: openLinuxBridgeBed, skip })
