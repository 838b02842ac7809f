"""The host's networks and bonds, in the words of Host.setupNetworks; read only, as the agent wrote them down."""

import json
import os


class _Configuration:
    def __init__(self, written):
        self.networks = written.get('networks', {})
        self.bonds = written.get('bondings', {})


class RunningConfig(_Configuration):
    """As they are now."""

    def __init__(self):
        super().__init__(_read('PATCHBAY_RUNNING_NETWORKS').get('running', {}))


class PersistentConfig(_Configuration):
    """As they will be after a reboot."""

    def __init__(self):
        super().__init__(_read('PATCHBAY_SAFE_NETWORKS'))


def _read(variable):
    try:
        with open(os.environ[variable], encoding='utf-8') as written:
            return json.load(written)
    except (KeyError, FileNotFoundError):
        return {}
