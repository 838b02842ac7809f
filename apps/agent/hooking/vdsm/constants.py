"""Where VDSM keeps what a reboot clears; with a slash at the end, as scripts append to it."""

import os

P_VDSM_RUN = os.path.join(os.environ.get('PATCHBAY_RUN_DIR', '/run/vdsm'), '')
SYSCONF_PATH = '/etc'
