"""The networks that the agent has set up."""

from vdsm.network.netconfpersistence import RunningConfig


def netinfo():
    running = RunningConfig()
    return {'networks': running.networks, 'bondings': running.bonds}
